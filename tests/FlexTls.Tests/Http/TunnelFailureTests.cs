using System.Net;
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

        // Kestrel closes without a reason on .NET 10, and with handshake_failure on .NET 11. Where nothing says that it
        // is not going away, the pool tries again.
        Assert.Contains(failure.Code, new[] { "FTLS6001", "FTLS6140" });
        await AssertReportedAsync(clients, failure, proxy.Connections);
        Assert.True(alpn == "http/1.1" || proxy.Connections == 1);
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
        await AssertReportedAsync(clients, failure);
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
        await AssertReportedAsync(clients, failure);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1024 * 1024)]
    public async Task AServerThatClosesAfterARequestWithABody_IsAFailingUpstream(int length)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = new SecureServer(async (stream, _) => await SecureServer.ReadHeadAsync(stream));
        await using var clients = Through(proxy, options => options.Alpn = ["http/1.1"]);

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].PostAsync(
            server.Address, new ByteArrayContent(new byte[length]), Deadline.Token()));

        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        var failure = Assert.IsType<TlsHandshakeException>(failed.InnerException);
        Assert.Equal(("FTLS6001", 1), (failure.Code, proxy.Connections));
        await AssertReportedAsync(clients, failure);
    }

    /// <summary>Requests that share an HTTP/2 connection share its fate, which is one.</summary>
    [Fact]
    public async Task AConnectionThatManyRequestsWaitFor_FailsOnce()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var proxy = RecordingProxy.Start();
        await using var server = new SecureServer((_, _) => gate.Task)
        {
            Protocol = System.Net.Security.SslApplicationProtocol.Http2,
        };
        await using var clients = Through(proxy, options => options.Alpn = ["h2"]);
        var client = clients["orders"];
        var requests = Enumerable.Range(0, 20)
            .Select(_ => client.GetAsync(server.Address, Deadline.Token())).ToList();
        await Deadline.UntilAsync(() => Status(clients).LastHandshake is not null);
        gate.SetResult();

        foreach (var request in requests)
        {
            var failed = await Assert.ThrowsAsync<HttpRequestException>(() => request);
            Assert.Equal("FTLS6001", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        }

        await Deadline.UntilAsync(() => Status(clients).Failures.Count > 0);
        Assert.InRange(Assert.Single(Status(clients).Failures).Count, 1, proxy.Connections);
    }

    /// <summary>What is read after a handshake is judged by that connection alone, whatever others do.</summary>
    [Fact]
    public async Task AnAnswerThatBreaksOff_IsNoFailureOfTls()
    {
        var (hasCome, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var proxy = RecordingProxy.Start();
        await using var server = new SecureServer(async (stream, _) =>
        {
            if ((await SecureServer.ReadHeadAsync(stream)).StartsWith("GET /broken", StringComparison.Ordinal))
            {
                hasCome.SetResult();
                await gate.Task;
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Le"u8.ToArray(), Deadline.Token());
                return;
            }

            await stream.WriteAsync(
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), Deadline.Token());
        });
        await using var clients = Through(proxy, options => options.Alpn = ["http/1.1"]);
        var client = clients["orders"];
        var broken = client.GetAsync(new Uri(server.Address, "/broken"), Deadline.Token());
        await hasCome.Task.WaitAsync(Deadline.Token());
        for (var i = 0; i < 5; i++)
        {
            using var response = await client.GetAsync(server.Address, Deadline.Token());
        }

        gate.SetResult();
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => broken);

        Assert.Equal(HttpRequestError.ResponseEnded, failed.HttpRequestError);
        Assert.Empty(Status(clients).Failures);
    }

    [Fact]
    public async Task AProxyThatRefusesTheTunnel_KeepsNoConnectionToTheUpstream()
    {
        await using var proxy = RecordingProxy.Start(refuses: _ => true);
        await using var clients = Through(proxy);

        await Assert.ThrowsAsync<HttpRequestException>(
            () => clients["orders"].GetAsync(new Uri("https://localhost:1/"), Deadline.Token()));

        Assert.Equal((1, 0), (proxy.Connections, Status(clients).OpenConnections));
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

    private static async Task AssertReportedAsync(ClientHost clients, TlsHandshakeException failure, int count = 1)
    {
        // A read and a write fail at the same time, and the request knows when the report is still being written.
        bool IsOfFailure(string line) => line.Contains(failure.Code, StringComparison.Ordinal);
        await clients.Log.UntilAsync(() => clients.Log.Warnings.Any(IsOfFailure), Deadline.Token());
        var status = Status(clients);
        Assert.True(status.IsFailing);
        Assert.Equal((failure.Code, count), (Assert.Single(status.Failures).Code, status.Failures[0].Count));
        Assert.Equal("orders", failure.Upstream);
        Assert.Single(clients.Log.Warnings, IsOfFailure);
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
