using System.Net;
using System.Security.Authentication;
using System.Text;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>Every byte that a CONNECT proxy is shown: where to, and a ClientHello; never the certificate, never the request.</summary>
public class ProxyRecordTests
{
    [Theory]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public async Task AProxy_IsShownTheDestinationAndAClientHello_AndNothingElse(string version)
    {
        await using var proxy = RecordingProxy.Start(isDeadEnd: true);
        var options = Pki.MutualTls();
        (options.MinVersion, options.MaxVersion) = (Typed.Version(version), Typed.Version(version));
        await using var clients = Through(new WebProxy(proxy.Address), options);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://localhost:1/secret-path")
        {
            Headers = { { "X-Secret", "secret-header" } },
            Content = new StringContent("secret-body"),
        };

        await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(request, Deadline.Token()));

        var (head, flight) = Assert.Single(proxy.Seen);
        Assert.Equal("CONNECT localhost:1 HTTP/1.1\r\nHost: localhost:1\r\n\r\n", head);
        var hello = ClientHello.Decode(flight);
        Assert.Equal(("localhost", version), (hello.ServerName, Assert.Single(hello.Versions)));
        Assert.Equal(flight.Length, 5 + ((flight[3] << 8) | flight[4]));
        Assert.Equal(-1, flight.AsSpan().IndexOf(Pki.Client.RawData.AsSpan()));
        Assert.DoesNotContain("secret", Encoding.Latin1.GetString(flight), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AConnectionToTheProxyThatIsUsedAgain_CarriesARedirectElsewhere_WithoutTheCertificate()
    {
        // A refused CONNECT leaves its connection open, and the pool would take it for the next one, whereto ever that goes.
        var isBusy = true;
        await using var proxy = RecordingProxy.Start(refuses: _ => Volatile.Read(ref isBusy));
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking() with { Versions = SslProtocols.Tls12 }, Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        await using var clients = Through(new WebProxy(proxy.Address), Pki.MutualTls());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(Http11(front.Address), Deadline.Token()))));
        Volatile.Write(ref isBusy, false);

        await clients["orders"].SendAsync(Http11(front.Address), Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(front.Requests).ClientCertificate);
        Assert.Null(Assert.Single(target.Requests).ClientCertificate);
    }

    [Fact]
    public async Task AConnectionToTheProxyThatIsUsedAgain_DoesNotCarryAnotherServerName()
    {
        var isBusy = true;
        await using var proxy = RecordingProxy.Start(refuses: _ => Volatile.Read(ref isBusy));
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        var options = Pki.Trusting();
        options.Extensions = new OutboundTlsExtensionOptions { ServerName = "localhost" };
        await using var clients = Through(new WebProxy(proxy.Address), options);
        await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(Http11(upstream.Address), Deadline.Token()));
        Volatile.Write(ref isBusy, false);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(Http11(upstream.Address.Under("127.0.0.1")), Deadline.Token()));

        Assert.Equal("FTLS6012", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Empty(upstream.Hellos);
    }

    [Fact]
    public async Task AProxyThatIsNamedInManyWays_CarriesARedirectElsewhere_WithoutTheCertificate()
    {
        await using var proxy = RecordingProxy.Start();
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        await using var clients = Through(new ManyNamesProxy(proxy.Address), Pki.MutualTls());

        await clients["orders"].SendAsync(Http11(front.Address), Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(front.Requests).ClientCertificate);
        Assert.Null(Assert.Single(target.Requests).ClientCertificate);
    }

    [Fact]
    public async Task AProxyThatBecomesOneByTls_IsRefusedFromThenOn()
    {
        await using var proxy = RecordingProxy.Start();
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        var configured = new WebProxy(proxy.Address);
        await using var clients = Through(configured, Pki.MutualTls());
        await clients["orders"].SendAsync(Http11(upstream.Address), Deadline.Token());
        configured.Address = new UriBuilder(proxy.Address) { Scheme = "https" }.Uri;

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].SendAsync(Http11(upstream.Address), Deadline.Token()));

        Assert.Equal("FTLS6010", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Equal(1, proxy.Connections);
    }

    private static ClientHost Through(IWebProxy proxy, OutboundTlsOptions options) => ClientHost.Under(
        options, client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { Proxy = proxy }));

    private static HttpRequestMessage Http11(Uri address) => new(HttpMethod.Get, address) { VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    /// <summary>Gives the same proxy a different URI each time.</summary>
    private sealed class ManyNamesProxy(Uri address) : IWebProxy
    {
        private int _count;

        public ICredentials? Credentials { get; set; }

        public Uri GetProxy(Uri destination) => new(address, $"/{Interlocked.Increment(ref _count)}");

        public bool IsBypassed(Uri host) => false;
    }
}
