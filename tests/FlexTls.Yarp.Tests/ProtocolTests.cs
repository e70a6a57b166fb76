using System.Net;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace FlexTls.Proxies;

/// <summary>What a proxy forwards, and how failures reach its error feature and log.</summary>
public class ProtocolTests : ProxyContext
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task ARequest_IsForwarded_AsThePolicysAlpnSays(string version)
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("both");
        gateway.Write("one", config: "alpn: [http/1.1]");
        await gateway.StartAsync(Gateway.Cluster("both", server), Gateway.Cluster("one", server));

        using var both = await gateway.GetAsync("both", Version.Parse(version));
        using var one = await gateway.GetAsync("one", Version.Parse(version));

        Assert.Equal(["HTTP/2", "HTTP/1.1"], server.Requests.Select(request => request.Protocol));
        Assert.Equal(["CN=both", "CN=one"], Subjects(server));
    }

    [Fact]
    public async Task TrailersOfGrpc_ComeThrough()
    {
        await using var server = await StartAsync(options => options with
        {
            Respond = async context =>
            {
                context.Response.ContentType = "application/grpc";
                await context.Response.StartAsync(context.RequestAborted);
                context.Response.AppendTrailer("grpc-status", "0");
            },
        });
        await using var gateway = new Gateway();
        gateway.Write("greeter", config: "alpn: [h2]");
        await gateway.StartAsync(Gateway.Cluster("greeter", server));

        using var response = await gateway.GetAsync("greeter", HttpVersion.Version20);
        await response.Content.ReadAsByteArrayAsync(Deadline.Token());

        Assert.Equal("0", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
        Assert.Equal(["CN=greeter"], Subjects(server));
    }

    [Fact]
    public async Task AnActiveHealthCheck_IsUnderThePolicy()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("orders");
        await gateway.StartAsync(Gateway.Cluster("orders", server) with
        {
            HealthCheck = new HealthCheckConfig
            {
                Active = new ActiveHealthCheckConfig { Enabled = true, Path = "/health", Interval = TimeSpan.FromHours(1) },
            },
        });

        await Deadline.UntilAsync(() => !server.Requests.IsEmpty);

        Assert.Equal(("/health", "CN=orders"), (server.Requests.First().Path, server.Requests.First().ClientCertificate));
    }

    [Fact]
    public async Task SessionAffinity_KeepsTheDestination()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("orders");
        await gateway.StartAsync(Gateway.Cluster("orders", first) with
        {
            Destinations = new Dictionary<string, DestinationConfig>
            {
                ["first"] = new() { Address = first.Address.AbsoluteUri },
                ["second"] = new() { Address = second.Address.AbsoluteUri },
            },
            SessionAffinity = new SessionAffinityConfig { Enabled = true, Policy = "HashCookie", AffinityKeyName = "to" },
        });

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync("orders"));
        }

        Assert.Equal(new[] { 0, 5 }, new[] { first.Requests.Count, second.Requests.Count }.Order());
        Assert.All(Subjects(first).Concat(Subjects(second)), subject => Assert.Equal("CN=orders", subject));
    }

    [Fact]
    public async Task TheCodeOfAFailure_ReachesTheErrorFeature_AndTheLog()
    {
        await using var server = await StartAsync(options => options with { Certificate = Pki.Foreign.IssueServer("localhost") });
        var seen = new List<Exception?>();
        await using var gateway = new Gateway(new GatewayOptions
        {
            App = app => app.Use(async (context, next) =>
            {
                await next(context);
                seen.Add(context.GetForwarderErrorFeature()?.Exception);
            }),
        });
        gateway.Write("orders");
        await gateway.StartAsync(Gateway.Cluster("orders", server));

        Assert.Equal(HttpStatusCode.BadGateway, await gateway.StatusOfAsync("orders"));

        var failure = Assert.IsType<HttpRequestException>(Assert.Single(seen));
        Assert.StartsWith("FTLS5", failure.Message, StringComparison.Ordinal);
        Assert.Equal("orders", Assert.IsType<TlsHandshakeException>(failure.InnerException).Upstream);
        Assert.Contains(failure, gateway.Log.Failures);
    }

    [Fact]
    public async Task DirectForwarding_ChoosesTheUpstreamOfEachRequest()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway(new GatewayOptions
        {
            App = app =>
            {
                app.UseTenantOfPath();
                var client = new HttpMessageInvoker(app.Services.GetRequiredService<IOutboundTlsHandlerFactory>()
                    .CreateSelectingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }));
                app.MapForwarder(
                    "/direct/{tenant}", server.Address.AbsoluteUri, ForwarderRequestConfig.Empty, new ByTenant(), client);
            },
        });
        gateway.Write("tenant-1");
        gateway.Write("tenant-2");
        await gateway.StartAsync();

        foreach (var tenant in (string[])["tenant-1", "tenant-2", "tenant-1", "unknown"])
        {
            using var response = await gateway.GetAsync($"direct/{tenant}", path: "");
            Assert.Equal(tenant == "unknown" ? HttpStatusCode.BadGateway : HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(["CN=tenant-1", "CN=tenant-2", "CN=tenant-1"], Subjects(server));
    }

    [Fact]
    public async Task DirectForwarding_AsThePageShowsIt_IsUnderThePolicy()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway(new GatewayOptions { App = app => DirectForwarding.Map(app, server.Address.AbsoluteUri) });
        gateway.Write("orders");
        await gateway.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync("orders"));
        Assert.Equal(["CN=orders"], Subjects(server));
    }

    [Fact]
    public async Task MapForwarderWithoutAClient_FollowsUnboundClusters()
    {
        await using var server = await StartAsync(options => options with { IsPlain = true });
        await using var gateway = new Gateway(Forwarding(UnboundClientBehavior.Stock));
        await gateway.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync("direct"));

        await using var refusing = new Gateway(Forwarding(UnboundClientBehavior.Refuse));
        var refusal = await Assert.ThrowsAsync<TlsPolicyException>(() => refusing.StartAsync());
        Assert.Equal("FTLS7034", refusal.Diagnostics[0].Code);

        await using var withDefault = new Gateway(Forwarding(UnboundClientBehavior.GatewayDefault));
        await withDefault.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await withDefault.StatusOfAsync("direct"));
        Assert.Equal("handlers without a policy", Assert.Single(withDefault.Status).Name);

        GatewayOptions Forwarding(UnboundClientBehavior unbound) => new()
        {
            Proxy = proxy => proxy.AddOutboundTls(options => options.UnboundClusters = unbound),
            App = app => app.MapForwarder("/direct/{**rest}", server.Address.AbsoluteUri),
        };
    }
}
