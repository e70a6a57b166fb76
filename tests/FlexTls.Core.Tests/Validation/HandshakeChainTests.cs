using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Validation;

/// <summary>In its own handshakes a context judges the chain that the platform built; whatever is odd about it is a refusal.</summary>
public class HandshakeChainTests
{
    private static readonly HostName Host = HostName.Parse(Pki.Host);
    private static readonly OutboundTlsPolicy Policy = OutboundTlsPolicy.Create(Pki.Trusting());
    private static readonly ServerCertificateValidator Validator = ServerCertificateValidator.ForUpstream(Policy, owner: null, TimeProvider.System);

    [Fact]
    public void AGoodChain_IsAccepted()
    {
        using var chain = Build(Pki.EcServer);

        AssertVerdict(null, Pki.EcServer, chain);
    }

    [Fact]
    public void AChainThatThePlatformRefusesWithoutAReason_IsRefused()
    {
        using var chain = Build(Pki.EcServer);

        AssertVerdict("FTLS5011", Pki.EcServer, chain, SslPolicyErrors.RemoteCertificateChainErrors);
    }

    [Fact]
    public void AChainThatWasNeverBuilt_IsRefused()
    {
        using var chain = new X509Chain { ChainPolicy = Validator.CreateChainPolicy() };

        AssertVerdict("FTLS5011", Pki.EcServer, chain);
    }

    [Fact]
    public void AChainOfAnotherCertificate_IsRefused()
    {
        using var chain = Build(Pki.EcServer);

        AssertVerdict("FTLS5011", Pki.RsaServer, chain);
    }

    [Fact]
    public void NoChainAtAll_IsReplacedByOneOfTheValidator()
    {
        AssertVerdict(null, Pki.EcServer, null);
        AssertVerdict("FTLS5003", Pki.Foreign.IssueServer(Pki.Host), null);
        AssertVerdict("FTLS5001", null, null);
    }

    [Fact]
    public void AChainThatOthersHadBuilt_IsNotLookedAt()
    {
        var foreign = Pki.Foreign.IssueServer(Pki.Host);
        using var chain = Build(foreign, Pki.Foreign.Certificate);

        Assert.False(PresentedCertificate.Judge(Validator, foreign, chain, Host).IsValid);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(60, false)]
    public async Task AHandshake_IsJudgedByTheClockOfTheContext(int days, bool isAccepted)
    {
        // Expired by the system's clock in the first case alone.
        var (now, notAfter) = (DateTimeOffset.UtcNow, days < 0 ? -0.5 : 30);
        var certificate = Pki.Root.Issue($"CN={Pki.Host}", new CertificateRequestOptions
        {
            DnsNames = [Pki.Host],
            NotBefore = now.AddDays(-1.5),
            NotAfter = now.AddDays(notAfter),
        });
        var context = Pki.Context(Pki.Trusting(), clock: new FakeTimeProvider(now.AddDays(days)));
        await using var server = LoopbackServer.Start(certificate);
        var handshake = async () => await context.AuthenticateAsClientAsync(await Loopback.ConnectAsync(server.Port, Deadline.Token()), Pki.Host, cancellationToken: Deadline.Token());

        if (isAccepted)
        {
            await using var stream = await handshake();
            Assert.True(stream.IsAuthenticated);
        }
        else
        {
            Assert.Equal("FTLS5004", (await Assert.ThrowsAsync<TlsHandshakeException>(async () => await handshake())).Code);
        }
    }

    [Fact]
    public async Task OptionsWhoseChainPolicyTrustsMore_StillRefuseAForeignCA()
    {
        var context = Pki.Context(Pki.Trusting());
        await using var server = LoopbackServer.Start(Pki.Foreign.IssueServer(Pki.Host));
        await using var stream = new SslStream(await Loopback.ConnectAsync(server.Port, Deadline.Token()));
        var options = context.CreateClientOptions(Pki.Host);
        options.CertificateChainPolicy!.CustomTrustStore.Add(Pki.Foreign.Certificate);

        await ForeignHandshake.RefusalOfAsync(() => stream.AuthenticateAsClientAsync(options, Deadline.Token()));
    }

    private static X509Chain Build(X509Certificate2 certificate, params X509Certificate2[] alsoTrusted)
    {
        var chain = new X509Chain { ChainPolicy = Validator.CreateChainPolicy() };
        chain.ChainPolicy.CustomTrustStore.AddRange(alsoTrusted);
        Assert.True(chain.Build(certificate));
        return chain;
    }

    private static void AssertVerdict(string? code, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors findings = SslPolicyErrors.None)
    {
        var verification = new HandshakeVerification(Validator, Host);

        Assert.Equal(code is null, verification.Verify(verification, certificate, chain, findings));
        Assert.Equal(code is null, verification.Accepted);
        Assert.Equal(code is null ? [] : [code], verification.Result!.Failures.Select(failure => failure.Code));
    }
}
