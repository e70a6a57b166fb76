using System.Net;
using System.Net.WebSockets;
using FlexTls.Http.Grpc;
using FlexTls.Support;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>A client under a policy makes no plain connections, whatever sends through it, unless it is allowed by name.</summary>
public class PlainHttpRefusalTests
{
    private static readonly string[] Ways = ["named", "typed", "synchronous", "invoker", "proxy", "http/1.0", "upgrade"];

    public static TheoryData<string> AllWays => [.. Ways];

    [Theory]
    [MemberData(nameof(AllWays))]
    public async Task APlainRequest_IsRefused_BeforeAnythingIsSent(string way)
    {
        await using var server = await PlainServerAsync();
        await using var proxy = RecordingProxy.Start();
        await using var clients = Create(way == "proxy" ? proxy.Address : null);

        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(clients, way, server.Address));

        AssertRefusal(refusal);
        Assert.Empty(server.Requests);
        Assert.Equal(0, proxy.Connections);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task APlainWebSocket_IsRefused(string version)
    {
        await using var server = await PlainServerAsync();
        await using var clients = Create();
        using var invoker = new HttpMessageInvoker(clients.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders"), disposeHandler: false);
        using var socket = new ClientWebSocket { Options = { HttpVersion = Version.Parse(version), HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } };

        var failure = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws" }.Uri, invoker, Deadline.Token()));

        AssertRefusal(Assert.IsType<HttpRequestException>(failure.InnerException));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task APlainGrpcCall_IsRefused()
    {
        await using var server = await PlainServerAsync(HttpProtocols.Http2);
        await using var clients = ClientHost.Create(services => services.AddGrpcClient<Echo.EchoClient>(options => options.Address = server.Address).AddOutboundTls(OutboundTlsPolicy.Default));
        var client = clients.Services.GetRequiredService<Echo.EchoClient>();

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.OnceAsync(new Line { Text = "hello" }, cancellationToken: Deadline.Token()));

        Assert.Contains(DiagnosticCodes.PlainHttpRefused, failure.Status.DebugException!.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("policy")]
    [InlineData("client")]
    [InlineData("yaml")]
    [InlineData("configuration")]
    public async Task WhereItIsAllowed_APlainRequestIsSent_AndTheWeakeningIsLoggedAndCountedOnce(string where)
    {
        var client = $"orders-{Guid.NewGuid():N}";
        using var counted = DangerCount.Of(client);
        await using var server = await PlainServerAsync();
        await using var host = new PolicyHost();
        Allow(host, client, where);
        await host.StartAsync();

        foreach (var _ in (int[])[1, 2])
        {
            using var response = await host[client].GetAsync(server.Address, Deadline.Token());
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(["1 allowPlainHttp"], counted.Seen);
        Assert.Single(host.Log.Warnings, line => line.StartsWith("DANGEROUS: ", StringComparison.Ordinal) && line.Contains($"'{client}'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("policy")]
    [InlineData("client")]
    [InlineData("yaml")]
    [InlineData("configuration")]
    public async Task ForbidDangerous_MakesItAnErrorAtStart(string where)
    {
        await using var host = new PolicyHost();
        Allow(host, "orders", where);
        host.Builder.Services.AddOutboundTls(tls => tls.ForbidDangerous());

        var faults = (await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics;

        Assert.Equal(DiagnosticCodes.DangerousForbidden, Assert.Single(faults, fault => fault.Severity == TlsPolicyDiagnosticSeverity.Error).Code);
    }

    [Fact]
    public async Task ThePermissionOfOneClient_IsNobodyElses()
    {
        await using var server = await PlainServerAsync();
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
            services.AddHttpClient("orders").AddOutboundTls().DangerousAllowPlainHttp();
            services.AddHttpClient("strict").AddOutboundTls("orders");
        });

        Assert.Equal("HTTP/1.1", await clients["orders"].GetStringAsync(server.Address, Deadline.Token()));
        AssertRefusal(await Assert.ThrowsAsync<HttpRequestException>(() => clients["strict"].GetStringAsync(server.Address, Deadline.Token())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AClientThatTheGatewaysDefaultCovers_KeepsPlainHttp(bool hasDefaultCall)
    {
        await using var server = await PlainServerAsync();
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("sidecar", client => client.BaseAddress = server.Address);
        host.Builder.Services.AddOutboundTls(tls => tls.UnboundClients = UnboundClientBehavior.GatewayDefault);
        if (hasDefaultCall)
        {
            host.Builder.Services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        }

        await host.StartAsync();

        Assert.Equal("HTTP/1.1", await host["sidecar"].GetStringAsync("/", Deadline.Token()));
        Assert.DoesNotContain(host.Log.Warnings, line => line.StartsWith("DANGEROUS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AClientOfAPolicyForAll_IsRefused()
    {
        await using var server = await PlainServerAsync();
        await using var clients = ClientHost.Create(services => services.ConfigureHttpClientDefaults(client => client.AddOutboundTls(OutboundTlsPolicy.Default)));

        AssertRefusal(await Assert.ThrowsAsync<HttpRequestException>(() => clients["any"].GetStringAsync(server.Address, Deadline.Token())));
    }

    [Fact]
    public void AllClientsAtOnce_CannotBeAllowed() => new ServiceCollection().ConfigureHttpClientDefaults(defaults =>
        Assert.Throws<ArgumentException>(() => defaults.DangerousAllowPlainHttp()));

    private static void Allow(PolicyHost host, string client, string where)
    {
        var services = host.Builder.Services;
        switch (where)
        {
            case "policy":
                services.AddHttpClient(client).AddOutboundTls(options => options.Extensions = new OutboundTlsExtensionOptions { DangerousAllowPlainHttp = true });
                break;
            case "client":
                services.AddHttpClient(client).AddOutboundTls(OutboundTlsPolicy.Default).DangerousAllowPlainHttp();
                break;
            case "yaml":
                host.Write("orders.yaml", PolicyYaml.Binding(client, "extensions: { allowPlainHttp: true }"));
                services.AddOutboundTls(tls => tls.AddPolicyFile("orders.yaml"));
                services.AddHttpClient(client).AddOutboundTls();
                break;
            default:
                services.AddOutboundTls(Registered.InMemory(($"Upstreams:{client}:extensions:allowPlainHttp", "true")));
                services.AddHttpClient(client).AddOutboundTls();
                break;
        }
    }

    private static ClientHost Create(Uri? proxy = null) => ClientHost.Create(services =>
    {
        services.AddHttpClient("orders").AddTypedClient((http, _) => new Typed(http)).AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()))
            .UseSocketsHttpHandler((handler, _) => handler.Proxy = proxy is null ? null : new WebProxy(proxy));
    });

    private static async Task SendAsync(ClientHost clients, string way, Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        switch (way)
        {
            case "typed":
                await clients.Services.GetRequiredService<Typed>().Client.GetStringAsync(address, Deadline.Token());
                return;
            case "synchronous":
                clients["orders"].Send(request, Deadline.Token()).Dispose();
                return;
            case "invoker":
                using (var invoker = new HttpMessageInvoker(clients.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders"), disposeHandler: false))
                {
                    (await invoker.SendAsync(request, Deadline.Token())).Dispose();
                }

                return;
            case "http/1.0":
                request.Version = HttpVersion.Version10;
                break;
            case "upgrade":
                request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
                request.Headers.TryAddWithoutValidation("Upgrade", "h2c");
                break;
        }

        (await clients["orders"].SendAsync(request, Deadline.Token())).Dispose();
    }

    private static void AssertRefusal(HttpRequestException refusal)
    {
        Assert.Equal(HttpRequestError.SecureConnectionError, refusal.HttpRequestError);
        Assert.Equal(DiagnosticCodes.PlainHttpRefused, Assert.IsType<TlsHandshakeException>(refusal.InnerException).Code);
    }

    private static Task<HttpUpstream> PlainServerAsync(HttpProtocols protocols = HttpProtocols.Http1) =>
        HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer) { Protocols = protocols, IsPlain = true }, Deadline.Token());

    private sealed record Typed(HttpClient Client);
}
