using System.Net;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Yarp.ReverseProxy.Configuration;

namespace FlexTls.Proxies;

/// <summary>Clusters without a policy, and policies that arrive after their clusters.</summary>
public class LatePolicyTests : ProxyContext
{
    [Fact]
    public async Task AClusterUnderNoPolicy_IsWarnedAboutOnce()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        await gateway.StartAsync(Gateway.Cluster("plain", server));
        gateway.Update(Gateway.Cluster("plain", server), Gateway.Cluster("more", server));

        Assert.Equal(
            ["'more'", "'plain'"],
            gateway.Log.Lines.Where(line => line.Text.Contains("is under no policy", StringComparison.Ordinal))
                .Select(line => line.Text.Split(' ')[1]).Order());
    }

    [Fact]
    public async Task AnAmbiguityThatIsOver_LeavesNoUpstreamDegraded()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        await gateway.StartAsync(Gateway.Cluster("orders", server));
        gateway.Write("eu/orders");
        gateway.Write("us/orders");
        await gateway.ReloadAsync();
        Assert.Equal(HttpStatusCode.BadGateway, await gateway.StatusOfAsync("orders"));
        Assert.All(gateway.Status, upstream => Assert.Equal("FTLS7002", upstream.Degradation!.Diagnostics[0].Code));

        gateway.Write("orders");
        await gateway.ReloadAsync();
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync("orders"));

        Assert.All(gateway.Status, upstream => Assert.Equal(UpstreamTlsState.UpToDate, upstream.State));
    }

    [Fact]
    public async Task TheStatusOfClusters_ShowsTheirUpstreams()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("orders");
        gateway.Write("payments/billing");
        await gateway.StartAsync(
            Gateway.Cluster("plain", server), Gateway.Cluster("orders", server),
            Gateway.Cluster("bills", server, "payments/billing"));
        gateway.Write("orders", "CN=renewed");
        await gateway.ReloadAsync();

        Assert.Equal(
            ["bills payments/billing 1 ", "orders orders 2 ", "plain   Stock"],
            gateway.Services.GetRequiredService<IOutboundTlsClusters>().GetStatus().Select(cluster =>
                $"{cluster.ClusterId} {cluster.Upstream?.Name} {cluster.Upstream?.Generation} {cluster.WhileUnbound}"));
    }

    [Fact]
    public async Task AClusterThatLosesItsPolicy_LogsTheWarningAgain()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("orders");
        await gateway.StartAsync(Gateway.Cluster("plain", server));
        gateway.Update(Gateway.Cluster("plain", server, "orders"));
        gateway.Update(Gateway.Cluster("plain", server));

        Assert.Equal(
            2, gateway.Log.Lines.Count(line => line.Text.Contains("is under no policy", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ACluster_KeepsItsTlsSettings_WhileItHasNoPolicy()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        await gateway.StartAsync(Gateway.Cluster("plain", server) with
        {
            HttpClient = new HttpClientConfig { DangerousAcceptAnyServerCertificate = true },
        });

        // The server wants a client certificate.
        Assert.Equal(HttpStatusCode.BadGateway, await gateway.StatusOfAsync("plain"));
        Assert.Equal(1, server.Connections);
        gateway.Write("plain");
        await gateway.ReloadAsync();
        Assert.Equal(HttpStatusCode.BadGateway, await gateway.StatusOfAsync("plain"));
        Assert.Equal(1, server.Connections);
        Assert.Equal("FTLS7006", gateway.Status.Single().Degradation?.Diagnostics[0].Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task APolicyThatArrivesAfterItsCluster_LetsTheConfigurationIn(bool isNeededByTheHook)
    {
        await using var server = await StartAsync();
        Gateway gateway = null!;
        gateway = new Gateway(new GatewayOptions
        {
            Proxy = proxy => proxy.AddOutboundTls(options => options.ConfigureHandler = (context, _) =>
            {
                if (isNeededByTheHook && context.ClusterId == "new")
                {
                    gateway.Services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("late");
                }
            }),
        });
        await using var owner = gateway;
        gateway.Write("orders");
        await gateway.StartAsync(Gateway.Cluster("orders", server));
        await gateway.RefusedUpdateAsync(
            isNeededByTheHook ? "'late'" : "there is no policy for a Service 'late'",
            Gateway.Cluster("new", server, "late"));

        gateway.Write("late");
        await gateway.ReloadAsync();

        for (var ct = Deadline.Token(); await gateway.StatusOfAsync("new") != HttpStatusCode.OK;)
        {
            ct.ThrowIfCancellationRequested();
        }

        Assert.Equal("CN=late", Subjects(server).Last());
        Assert.Equal(HttpStatusCode.NotFound, await gateway.StatusOfAsync("orders"));
    }
}
