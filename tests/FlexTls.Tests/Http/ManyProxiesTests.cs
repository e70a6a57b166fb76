using System.Diagnostics;
using System.Net;
using FlexTls.Rotation;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>A connection to a proxy is known as such, however many other proxies are named meanwhile.</summary>
public class ManyProxiesTests
{
    private const int Many = 1_001;

    private static readonly AsyncLocal<Action?> AtConnection = new();

    private readonly Gate _gate = new();

    [Fact]
    public async Task ARequestThatWaitedForItsTunnel_IsAnswered()
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await StartAsync();
        await using var clients = Through(uri => new UriBuilder(proxy.Address) { Host = uri.Host == "localhost" ? "localhost" : $"proxy-of-{uri.Host}" }.Uri);
        var first = clients["orders"].GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        var waiting = clients["orders"].GetStringAsync(server.Address, Deadline.Token());

        await NameManyProxiesAsync(clients["orders"]);
        _gate.Open();

        Assert.Equal(["done", "done"], await Task.WhenAll(first, waiting).WaitAsync(Deadline.Token()));
        Assert.Equal([Pki.Client.Subject, Pki.Client.Subject], server.Requests.Select(request => request.ClientCertificate));
        Assert.Equal(["localhost", "localhost"], server.ServerNames);
    }

    [Fact]
    public async Task AProxyThatIsReachedByTls_IsShownNoCertificate()
    {
        await using var secure = await HttpUpstream.StartAsync(Loopbacks.Asking(Pki.Root.IssueServer("secure.example")) with { Protocols = HttpProtocols.Http1 }, Deadline.Token());
        await using var clients = Through(uri => uri.Host == "orders.example" ? new Uri($"https://secure.example:{secure.Port}") : new Uri($"http://proxy-of-{uri.Host}"));
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Experimental.System.Net.Http.Connections",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => AtConnection.Value?.Invoke(),
        };
        ActivitySource.AddActivityListener(listener);
        AtConnection.Value = () =>
        {
            AtConnection.Value = null;
            _ = NameManyProxiesAsync(clients["orders"]);
        };

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetAsync(new Uri("https://orders.example/"), Deadline.Token()));

        Assert.Equal("FTLS6010", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        Assert.Empty(secure.Hellos);
    }

    [Fact]
    public async Task AMessageThatBecomesPlain_WhileItWaitsForItsConnection_IsRefused_AndHoldsNoThread()
    {
        await using var server = await StartAsync();
        await using var clients = Through(_ => null);
        var first = clients["orders"].GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        var waiting = clients["orders"].SendAsync(request, Deadline.Token());

        request.RequestUri = new UriBuilder(server.Address) { Scheme = "http" }.Uri;
        _gate.Open();

        Assert.Equal("done", await first);
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => waiting);
        Assert.Contains("FTLS6020", Reasons.Of(failed), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task AMessageThatBecomesPlain_WhileItWaitsForItsWayThroughSocks_IsRefused_AndHoldsNoThread()
    {
        await using var proxy = await ExternalProxy.StartAsync("microsocks", Deadline.Token());
        await using var server = await StartAsync();
        await using var clients = Through(_ => proxy.Address);
        var first = clients["orders"].GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address);
        var waiting = clients["orders"].SendAsync(request, Deadline.Token());

        request.RequestUri = new UriBuilder(server.Address) { Scheme = "http" }.Uri;
        _gate.Open();

        Assert.Equal("done", await first);
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => waiting);
        Assert.Contains("FTLS6020", Reasons.Of(failed), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    /// <summary>Every host has a proxy of its own, and there is one connection for each; those that are named many do not exist.</summary>
    private static ClientHost Through(Func<Uri, Uri?> proxyOf) => ClientHost.Under(Pki.MutualTls(), client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
    {
        Proxy = new ProxyOfHost(proxyOf),
        MaxConnectionsPerServer = 1,
        ConnectCallback = async (connection, ct) => connection.DnsEndPoint.Host.Contains("many", StringComparison.Ordinal)
            ? throw new IOException("There is no such proxy.")
            : await TestKit.Loopback.ConnectAsync(connection.DnsEndPoint.Port, ct),
    }));

    private static Task<HttpRequestException[]> NameManyProxiesAsync(HttpClient client) => Task.WhenAll(Enumerable.Range(0, Many).Select(number =>
        Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"https://many-{number}.example/"), Deadline.Token()))));

    /// <summary>A server that closes each connection after its answer, which the gate holds.</summary>
    private Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(Loopbacks.Asking() with
    {
        Protocols = HttpProtocols.Http1,
        Respond = async context =>
        {
            await _gate.PassAsync().WaitAsync(context.RequestAborted);
            context.Response.Headers.Connection = "close";
            await context.Response.WriteAsync("done", context.RequestAborted);
        },
    }, Deadline.Token());

    private sealed class ProxyOfHost(Func<Uri, Uri?> proxyOf) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => proxyOf(destination);

        public bool IsBypassed(Uri host) => false;
    }
}
