using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Validation;

/// <summary>What one verdict may cost, and who can end it.</summary>
public class VerificationTests
{
    [Fact]
    public void ACertificate_IsDecodedOnce()
    {
        using var copy = X509CertificateLoader.LoadCertificate(Pki.EcServer.RawData);
        var verification = new Verification(Pki.EcServer, [], default, default);

        var decoded = verification.DecodeElement(copy);

        Assert.Same(Pki.EcServer, decoded.Platform);
        Assert.Same(decoded, verification.DecodeSent(Pki.EcServer));
        Assert.Same(decoded.AlternativeNames, decoded.AlternativeNames);
    }

    [Fact]
    public void Bytes_AreCounted()
    {
        var verification = new Verification(Pki.EcServer, [], default, default);

        Assert.True(verification.Budget.TrySpend(VerificationBudget.MostBytes));
        Assert.False(verification.Budget.TrySpend(1));
        Assert.True(verification.Budget.IsExhausted);
    }

    [Fact]
    public void MoreCertificatesThanAreLookedAt_AreARefusal()
    {
        var count = (Verification.MostBytesPresented / Pki.Intermediate.Certificate.RawData.Length) + 1;
        X509Certificate2[] sent = [.. Enumerable.Repeat(Pki.Intermediate.Certificate, count)];

        Verdict.IsRefused("FTLS5027", Verdict.Of([Pki.Root.Certificate], Pki.EcServer, sent));
        Verdict.IsAccepted(Verdict.Of([Pki.Root.Certificate], Pki.EcServer, sent[2..]));
    }

    /// <summary>An expected name is compared with each of the certificate's.</summary>
    [Fact]
    public void MoreNamesThanAreCompared_AreARefusal()
    {
        var server = Pki.Root.IssueServer([Pki.Host, .. Enumerable.Range(0, 1023).Select(i => $"n{i}.example")]);

        Assert.Equal("", Codes(1024));
        Assert.Equal("FTLS5030", Codes(1025));

        string Codes(int count)
        {
            var options = Pki.Trusting();
            var names = Enumerable.Range(1, count - 1).Select(i => $"m{i}.example").Append(Pki.Host);
            options.Extensions = new() { SubjectAltNames = [.. names.Select(name => new SubjectAltNameOptions { Type = "DNS", Value = name })] };
            var context = Pki.Context(options);
            return context.ValidateServerCertificate(server, [], Pki.Host).Codes();
        }
    }

    /// <summary>The certificate is good; but the caller has given up while it was judged.</summary>
    [Fact]
    public async Task ACallerWhoGivesUp_EndsTheVerification()
    {
        using var caller = new CancellationTokenSource();
        var context = Pki.Context(Pki.Trusting(), clock: new CancelingClock(caller));
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer));
        var transport = await Loopback.ConnectAsync(server.Port, Deadline.Token());

        // The first look at the clock is before the handshake, the second is the verdict's.
        var ended = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await context.AuthenticateAsClientAsync(transport, Pki.Host, cancellationToken: caller.Token));

        Assert.Equal(caller.Token, ended.CancellationToken);
        Assert.IsType<TlsHandshakeException>(ended.InnerException);
        await Deadline.UntilAsync(() => !transport.Socket.Connected);
    }

    private sealed class CancelingClock(CancellationTokenSource caller) : TimeProvider
    {
        private int _looks;

        public override DateTimeOffset GetUtcNow()
        {
            // One for the warnings of the context.
            if (Interlocked.Increment(ref _looks) == 3)
            {
                caller.Cancel();
            }

            return base.GetUtcNow();
        }
    }
}
