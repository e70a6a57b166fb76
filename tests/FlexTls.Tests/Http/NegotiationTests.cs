using System.Net.Security;
using System.Security.Authentication;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Http;

/// <summary>What becomes of a connection whose server answers ALPN in its own way.</summary>
public class NegotiationTests
{
    [Theory]
    [InlineData("h2,acme/1")]
    [InlineData("h2,http/1.1,acme/1")]
    [InlineData("acme/1,http/1.1")]
    public async Task AServerThatChoosesAnIdThatIsNoHttp_IsRefused(string alpn)
    {
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { Alpn = [new SslApplicationProtocol("acme/1")] });
        await using var clients = ClientHost.Under(Policies.With(alpn));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetAsync(Address(server), Deadline.Token()));

        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        Assert.Contains("'acme/1'", Assert.IsType<TlsHandshakeException>(failed.InnerException).Message, StringComparison.Ordinal);
        var seen = await server.NextAsync(Deadline.Token());
        Assert.Equal(("acme/1", true), (seen.Alpn, seen.ClosedUnused));
    }

    [Fact]
    public async Task AServerWithoutAlpn_OfAPolicyOfHttp2Alone_IsRefused()
    {
        await using var server = LoopbackServer.Start(Pki.EcServer);
        await using var clients = ClientHost.Under(Policies.With("h2"));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetAsync(Address(server), Deadline.Token()));

        Assert.Contains("no application protocol", Assert.IsType<TlsHandshakeException>(failed.InnerException).Message, StringComparison.Ordinal);
        Assert.True((await server.NextAsync(Deadline.Token())).ClosedUnused);
    }

    [Theory]
    [InlineData("h2,http/1.1", "2.0 OrLower")]
    [InlineData("h2,http/1.1", "1.1 Exact")]
    [InlineData("http/1.1", "1.1 OrLower")]
    [InlineData("", "1.1 OrLower")]
    public async Task AServerWithoutAlpn_SpeaksHttp11(string alpn, string wish)
    {
        await using var server = WithoutAlpnServer.Start(Pki.EcServer);
        await using var clients = ClientHost.Under(Policies.With(alpn));

        Assert.Equal("GET / HTTP/1.1", await clients["orders"].SendAsync(server.Address, wish, Deadline.Token()));
        Assert.Equal("GET / HTTP/1.1", await clients["orders"].SendAsync(server.Address, wish, Deadline.Token()));
    }

    [Fact]
    public async Task AServerWithoutAlpn_AndARequestThatMustBeHttp2_FailTogether()
    {
        await using var server = WithoutAlpnServer.Start(Pki.EcServer);
        await using var clients = ClientHost.Under(Policies.With("h2,http/1.1"));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(server.Address, "2.0 Exact", Deadline.Token()));

        Assert.IsType<TlsHandshakeException>(failed.InnerException);
    }

    [Fact]
    public async Task BelowTls12_Http2IsNotOffered()
    {
        var options = Policies.With("h2,http/1.1");
        (options.MinVersion, options.MaxVersion, options.Ciphers) =
            (TlsVersion.Tls11, TlsVersion.Tls11, Typed.Suites("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"));
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer)
        {
            Versions = Tls11,
            CipherSuites = [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA],
            Alpn = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        });
        await using var clients = ClientHost.Under(options);

        // The server echoes what it is sent, which is no answer in HTTP.
        await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetAsync(Address(server), Deadline.Token()));
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(Address(server), "2.0 Exact", Deadline.Token()));

        Assert.Equal(HttpRequestError.VersionNegotiationError, refused.HttpRequestError);
        var seen = await server.NextAsync(Deadline.Token());
        Assert.Equal((Tls11, "http/1.1", false), (seen.Version, seen.Alpn, seen.ClosedUnused));
    }

#pragma warning disable CA5397, SYSLIB0039 // What the policy asks for.
    private static SslProtocols Tls11 => SslProtocols.Tls11;
#pragma warning restore CA5397, SYSLIB0039

    private static Uri Address(LoopbackServer server) => new($"https://localhost:{server.Port}/");
}
