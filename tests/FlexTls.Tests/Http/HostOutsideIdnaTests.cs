using System.Net;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static FlexTls.TestKit.CertificateNameEncoding;

namespace FlexTls.Http;

/// <summary>
/// Hosts that the platform's IDNA rejects are names like others where FlexTls judges the server; where the pool makes TLS,
/// through a proxy, the platform's own check of the name would throw, and a code says so before.
/// </summary>
public class HostOutsideIdnaTests
{
    [Theory]
    [InlineData("www-.lab")]
    [InlineData("xn--a.example")]
    public async Task ANamedClient_ReachesIt_AndNoServerOfAnotherName(string host)
    {
        await using var right = await HttpUpstream.StartAsync(Loopbacks.Asking(Issue(Dns(host))), Deadline.Token());
        await using var wrong = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var clients = Under(() => new SocketsHttpHandler { ConnectCallback = ToLoopbackAsync });

        // The server's own IDNA would reject the Host header.
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"https://{host}:{right.Port}/")) { Headers = { Host = "localhost" } };
        using var response = await clients["orders"].SendAsync(request, Deadline.Token());
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetStringAsync(new Uri($"https://{host}:{wrong.Port}/"), Deadline.Token()));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([host], right.ServerNames);
        Assert.Equal("FTLS5021", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Empty(wrong.Requests);
    }

    [Theory]
    [InlineData("www-.lab")]
    [InlineData("xn--a.example")]
    public async Task ThroughAProxy_ACodeSaysThatItCannotBe_BeforeAnythingIsSent(string host)
    {
        await using var proxy = RecordingProxy.Start();
        await using var clients = Under(() => new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) });

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetStringAsync(new Uri($"https://{host}/"), Deadline.Token()));

        Assert.Equal("FTLS6015", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Equal(0, proxy.Connections);
    }

    [Fact]
    public async Task AnIPv6Host_WithAZone_IsTheAddress()
    {
        await using var right = await HttpUpstream.StartAsync(Loopbacks.Asking(Issue(Address("::1"))), Deadline.Token());
        await using var wrong = await HttpUpstream.StartAsync(Loopbacks.Asking(Issue(Address("::2"), Dns("::1"))), Deadline.Token());
        await using var clients = Under(() => new SocketsHttpHandler { ConnectCallback = ToLoopbackAsync });

        await clients["orders"].GetStringAsync(new Uri($"https://[::1%1]:{right.Port}/"), Deadline.Token());
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetStringAsync(new Uri($"https://[::1%1]:{wrong.Port}/"), Deadline.Token()));

        Assert.Equal([""], right.ServerNames);
        Assert.Equal("FTLS5022", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
    }

    private static ClientHost Under(Func<SocketsHttpHandler> handler) =>
        ClientHost.Under(Pki.MutualTls(), client => client.ConfigurePrimaryHttpMessageHandler(handler));

    private static async ValueTask<Stream> ToLoopbackAsync(SocketsHttpConnectionContext connection, CancellationToken cancellationToken) =>
        await Loopback.ConnectAsync(connection.DnsEndPoint.Port, cancellationToken);

    private static X509Certificate2 Issue(params byte[][] names) => Pki.Root.Issue("CN=server", new() { Extensions = [AlternativeNames(names)] });
}
