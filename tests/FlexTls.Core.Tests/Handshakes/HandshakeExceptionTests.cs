using System.Net;
using System.Net.Security;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Handshakes;

/// <summary>Whatever goes wrong in a handshake, the caller gets one type of exception, with a code.</summary>
public class HandshakeExceptionTests
{
    public static TheoryData<Exception, string> Thrown => new()
    {
        { new InvalidOperationException("odd"), "FTLS6099" },
        { new ObjectDisposedException("transport"), "FTLS6099" },
        { new NotSupportedException("odd"), "FTLS6099" },
        { new ArgumentException("odd"), "FTLS6099" },
        { new TimeoutException("late"), "FTLS6099" },
        { new OperationCanceledException("given up"), "FTLS6009" },
        { new IOException("closed"), "FTLS6001" },
    };

    [Theory]
    [MemberData(nameof(Thrown))]
    public async Task WhatATransportThrows_IsInsideAHandshakeException(Exception thrown, string code)
    {
        var context = Pki.Context(Pki.Trusting(), "orders");

        foreach (var throwsWhenClosed in (bool[])[false, true])
        {
            var failed = await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
                await context.AuthenticateAsClientAsync(new ThrowingStream(thrown, throwsWhenClosed), Pki.Host, cancellationToken: Deadline.Token()));

            Assert.Equal((code, "orders"), (failed.Code, failed.Upstream));
            Assert.Same(thrown, failed.GetBaseException());
        }
    }

    [Fact]
    public async Task WhatATransportThrowsOnceTheCallerHasGivenUp_IsACancellation()
    {
        var context = Pki.Context(Pki.Trusting());
        using var caller = new CancellationTokenSource();
        var transport = new ThrowingStream(new ObjectDisposedException("transport"), throwsWhenClosed: false);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await context.AuthenticateAsClientAsync(transport, Pki.Host, cancellationToken: caller.Token));
    }

    /// <summary>The platform's IDNA takes none of them; a certificate can name them all the same.</summary>
    [Theory]
    [InlineData("www-.lab")]
    [InlineData("-a.lab")]
    [InlineData("xn--a.lab")]
    [InlineData("xn--zzzzzzzz.lab")]
    public async Task AHostThatThePlatformDoesNotDecode_IsComparedAsItIs(string host)
    {
        var context = Pki.Context(Pki.Trusting());
        var certificate = Pki.Root.Issue("CN=server", new() { Extensions = [AlternativeNames(Dns(host))] });
        await using var right = LoopbackServer.Start(certificate);
        await using (var stream = await AuthenticateAsync(right))
        {
            Assert.True(stream.IsAuthenticated);
        }

        Assert.Equal(host, (await right.NextAsync(Deadline.Token())).ServerName);

        await using var wrong = LoopbackServer.Start(Pki.EcServer);
        var refused = await Assert.ThrowsAsync<TlsHandshakeException>(() => AuthenticateAsync(wrong));
        Assert.Equal("FTLS5021", refused.Code);

        async Task<SslStream> AuthenticateAsync(LoopbackServer server) =>
            await context.AuthenticateAsClientAsync(await Loopback.ConnectAsync(server.Port, Deadline.Token()), host, cancellationToken: Deadline.Token());
    }

    /// <summary>The platform's own check of the name, without which they would not be safe as they stand, throws for it.</summary>
    [Theory]
    [InlineData("www-.lab", true)]
    [InlineData("xn--a.example", true)]
    [InlineData("www.lab", false)]
    [InlineData("xn--bcher-kva.example", false)]
    [InlineData("a_b.lab", false)]
    [InlineData("::1%1", false)]
    public void OptionsForOthers_AreNotMadeForIt(string host, bool isRefused)
    {
        var context = Pki.Context(Pki.Trusting(), "orders");

        var thrown = Record.Exception(() => context.CreateClientOptions(host));

        Assert.Equal(isRefused ? ("FTLS6015", "orders") : default, thrown is TlsHandshakeException e ? (e.Code, e.Upstream) : default);
        Assert.Equal(isRefused, thrown is not null);
    }

    [Fact]
    public async Task SkipValidation_TakesSuchAHostToo()
    {
        var context = Pki.Context(new OutboundTlsOptions { DangerousSkipValidation = true });
        await using var server = LoopbackServer.Start(Pki.EcServer);

        var transport = await Loopback.ConnectAsync(server.Port, Deadline.Token());
        await using var stream = await context.AuthenticateAsClientAsync(transport, "www-.lab", cancellationToken: Deadline.Token());

        Assert.True(stream.IsAuthenticated);
    }

    [Fact]
    public async Task ConnectAsync_ToWhatIsNoHostName_IsAnArgumentError()
    {
        var context = Pki.Context(Pki.Trusting());

        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await context.ConnectAsync(new DnsEndPoint("a b", 443), Deadline.Token()));
    }

    [Fact]
    public async Task AuthenticateAsClientAsync_TakesATokenInTheThirdPlace()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        using var transport = new System.Net.Sockets.TcpClient();
        await transport.ConnectAsync(server.Address.Host, server.Address.Port, Deadline.Token());

        await using var stream = await Pki.Context(Pki.Trusting())
            .AuthenticateAsClientAsync(transport.GetStream(), server.Address.Host, Deadline.Token());

        Assert.True(stream.IsAuthenticated);
        await Assert.ThrowsAsync<ArgumentNullException>(async () =>
            await Pki.Context(Pki.Trusting()).AuthenticateAsClientAsync(null!, Pki.Host, Deadline.Token()));

        // A bare default is the token of one overload, and would be the protocols of the other.
#pragma warning disable xUnit1051 // It is what this is about.
        await Assert.ThrowsAsync<ArgumentNullException>(async () =>
            await Pki.Context(Pki.Trusting()).AuthenticateAsClientAsync(null!, Pki.Host, default));
#pragma warning restore xUnit1051
    }

    private sealed class ThrowingStream(Exception exception, bool throwsWhenClosed) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw exception;

        public override ValueTask DisposeAsync() =>
            throwsWhenClosed ? throw new InvalidOperationException("cannot be closed") : base.DisposeAsync();
    }
}
