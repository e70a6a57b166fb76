using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>
/// Through a proxy the platform makes the handshakes. Those that fail have a reason and are reported all the same.
/// </summary>
public class TunnelFailureTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12, "http/1.1")]
    [InlineData(SslProtocols.Tls13, "http/1.1")]
    [InlineData(SslProtocols.Tls12, "h2")]
    [InlineData(SslProtocols.Tls13, "h2")]
    public async Task AServerThatRefusesTheClientCertificate_IsAFailingUpstream(SslProtocols version, string alpn)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer)
            {
                ClientCertificates = ClientCertificateMode.RequireCertificate,
                TrustsClient = _ => false,
                Versions = version,
            },
            Deadline.Token());
        await using var clients = Through(proxy, options => options.Alpn = [alpn]);

        var failure = await FailAsync(clients, server.Address, alpn);

        // Kestrel closes without a reason on .NET 10, and with handshake_failure on .NET 11.
        Assert.Contains(failure.Code, new[] { "FTLS6001", "FTLS6140" });
        AssertReported(clients, failure);
    }

    [Fact]
    public async Task AServerWithoutACommonVersion_IsAFailingUpstream()
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { Versions = SslProtocols.Tls12 }, Deadline.Token());
        await using var clients = Through(proxy, options => options.MinVersion = TlsVersion.Tls13);

        var failure = await FailAsync(clients, server.Address, "h2");

        Assert.Equal("FTLS6170", failure.Code);
        AssertReported(clients, failure);
    }

    [Fact]
    public async Task ARefusedCertificate_IsReportedOnce()
    {
        await using var proxy = RecordingProxy.Start();
        await using var stranger = await HttpUpstream.StartAsync(
            Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        await using var clients = Through(proxy);

        var failure = await FailAsync(clients, stranger.Address, "h2");

        Assert.Equal("FTLS5003", failure.Code);
        AssertReported(clients, failure);
    }

    [Fact]
    public async Task AProxyThatRefusesTheTunnel_IsNoFailureOfTls()
    {
        await using var proxy = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer)
            {
                IsPlain = true,
                Respond = context =>
                {
                    context.Response.StatusCode = 403;
                    return Task.CompletedTask;
                },
            }, Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls(), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(
            () => clients["orders"].GetAsync(new Uri("https://localhost:1/"), Deadline.Token()));

        Assert.Equal(HttpRequestError.ProxyTunnelError, failed.HttpRequestError);
        Assert.False(Status(clients).IsFailing);
        Assert.Empty(Status(clients).Failures);
    }

    [Fact]
    public async Task AProxyThatCloses_IsNoFailureOfTls()
    {
        await using var proxy = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer)
            {
                IsPlain = true,
                Respond = context =>
                {
                    context.Abort();
                    return Task.CompletedTask;
                },
            },
            Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls(), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }));

        await Assert.ThrowsAsync<HttpRequestException>(
            () => clients["orders"].GetAsync(new Uri("https://localhost:1/"), Deadline.Token()));

        Assert.False(Status(clients).IsFailing);
        Assert.Empty(Status(clients).Failures);
    }

    [Fact]
    public async Task AServerThatSaysNothing_IsAFailingUpstream()
    {
        await using var proxy = RecordingProxy.Start();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var clients = ClientHost.Under(Pki.MutualTls(), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler
            {
                Proxy = new WebProxy(proxy.Address),
                ConnectTimeout = TimeSpan.FromSeconds(1),
            }));

        var timeout = await Assert.ThrowsAsync<TaskCanceledException>(() => clients["orders"].GetAsync(
            new Uri($"https://localhost:{((IPEndPoint)silent.LocalEndpoint).Port}/"), Deadline.Token()));

        Assert.IsType<TimeoutException>(timeout.InnerException);
        Assert.True(Status(clients).IsFailing);
        Assert.Equal("FTLS6009", Assert.Single(Status(clients).Failures).Code);
    }

    private static async Task<TlsHandshakeException> FailAsync(ClientHost clients, Uri address, string alpn)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Version = alpn == "h2" ? HttpVersion.Version20 : HttpVersion.Version11,
        };
        var failed = await Assert.ThrowsAsync<HttpRequestException>(
            () => clients["orders"].SendAsync(request, Deadline.Token()));
        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        return Assert.IsType<TlsHandshakeException>(failed.InnerException);
    }

    private static void AssertReported(ClientHost clients, TlsHandshakeException failure)
    {
        var status = Status(clients);
        Assert.True(status.IsFailing);
        Assert.Equal((failure.Code, 1), (Assert.Single(status.Failures).Code, status.Failures[0].Count));
        Assert.Equal("orders", failure.Upstream);
        Assert.Single(clients.Log.Warnings, line => line.Contains(failure.Code, StringComparison.Ordinal));
    }

    private static UpstreamTlsStatus Status(ClientHost clients) =>
        clients.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single();

    private static ClientHost Through(RecordingProxy proxy, Action<OutboundTlsOptions>? configure = null)
    {
        var options = Pki.MutualTls();
        configure?.Invoke(options);
        return ClientHost.Under(options, client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }));
    }
}
