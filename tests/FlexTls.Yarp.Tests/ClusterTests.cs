using System.Net;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Yarp.ReverseProxy.Configuration;

namespace FlexTls.Proxies;

/// <summary>Which policy a cluster is under.</summary>
public class ClusterTests : ProxyContext
{
    [Fact]
    public async Task ACluster_IsUnderThePolicyOfItsMetadata_OrOfTheServiceWithItsId()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("orders");
        gateway.Write("payments/billing");
        await gateway.StartAsync(
            Gateway.Cluster("orders", server), Gateway.Cluster("bills", server, "payments/billing"),
            Gateway.Cluster("more", server, "orders"));

        foreach (var cluster in (string[])["orders", "bills", "more", "bills"])
        {
            Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync(cluster));
        }

        Assert.Equal(["CN=orders", "CN=payments/billing", "CN=orders", "CN=payments/billing"], Subjects(server));
        Assert.All(server.ServerNames, name => Assert.Equal("localhost", name));

        // Each cluster has its own connections, also under a shared policy.
        Assert.Equal(3, server.Connections);
        Assert.Equal(
            [("orders", 2), ("payments/billing", 1)],
            gateway.Status.Select(upstream => (upstream.Name, upstream.OpenConnections)));
    }

    [Theory]
    [InlineData(UnboundClientBehavior.Stock)]
    [InlineData(UnboundClientBehavior.GatewayDefault)]
    public async Task AClusterWithoutAPolicy_GetsItWhenItArrives(UnboundClientBehavior unbound)
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway(new GatewayOptions
        {
            Proxy = proxy => proxy.AddOutboundTls(options => options.UnboundClusters = unbound),
        });
        await gateway.StartAsync(Gateway.Cluster("orders", server));
        Assert.Equal(HttpStatusCode.BadGateway, await gateway.StatusOfAsync("orders"));
        Assert.Empty(server.Requests);

        gateway.Write("orders");
        await gateway.ReloadAsync();

        Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync("orders"));
        Assert.Equal(["CN=orders"], Subjects(server));
    }

    [Fact]
    public async Task AChangedPolicy_IsAGenerationOfTheSameClient_AlsoWithAChangeOfTheProxyAtTheSameMoment()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("orders");
        await gateway.StartAsync(Gateway.Cluster("orders", server));
        await gateway.StatusOfAsync("orders");
        var client = gateway.ClientOf("orders");

        gateway.Write("orders", "renewed");
        gateway.Write("billing");
        await Task.WhenAll(
            gateway.ReloadAsync(),
            Task.Run(
                () => gateway.Update(Gateway.Cluster("orders", server), Gateway.Cluster("billing", server)),
                Deadline.Token()));
        await gateway.StatusOfAsync("orders");
        await gateway.StatusOfAsync("billing");

        Assert.Equal(["CN=orders", "CN=renewed", "CN=billing"], Subjects(server));
        Assert.Same(client, gateway.ClientOf("orders"));
        await Deadline.UntilAsync(() => gateway.Status.Sum(upstream => upstream.DrainingConnections) == 0);
    }

    [Fact]
    public async Task AnotherPolicyInTheMetadata_IsAnotherClient()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("orders");
        gateway.Write("billing");
        await gateway.StartAsync(Gateway.Cluster("orders", server));
        await gateway.StatusOfAsync("orders");

        gateway.Update(Gateway.Cluster("orders", server, "billing"));
        await gateway.StatusOfAsync("orders");
        gateway.Update(Gateway.Cluster("orders", server));
        await gateway.StatusOfAsync("orders");

        Assert.Equal(["CN=orders", "CN=billing", "CN=orders"], Subjects(server));
    }

    [Fact]
    public async Task EachDestination_IsVerifiedByItsOwnHost()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("orders");
        gateway.Write("named", config: "extensions: { serverName: localhost }");
        var byAddress = new Dictionary<string, DestinationConfig>
        {
            ["one"] = new() { Address = $"https://127.0.0.3:{server.Port}/" },
        };
        await gateway.StartAsync(
            Gateway.Cluster("orders", server) with { Destinations = byAddress },
            Gateway.Cluster("named", server) with { Destinations = byAddress },
            Gateway.Cluster("good", server, "orders"));

        Assert.Equal(HttpStatusCode.BadGateway, await gateway.StatusOfAsync("orders"));
        Assert.Equal(HttpStatusCode.BadGateway, await gateway.StatusOfAsync("named"));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync("good"));
    }

    [Fact]
    public async Task TheSettingsOfTheCluster_AndTheHook_AreKept()
    {
        await using var server = await StartAsync();
        var connections = 0;
        await using var gateway = new Gateway(new GatewayOptions
        {
            Proxy = proxy => proxy.AddOutboundTls(options => options.ConfigureHandler = (context, handler) =>
            {
                Assert.Equal((1, "orders"), (handler.MaxConnectionsPerServer, context.ClusterId));
                handler.ConnectCallback = async (connection, ct) =>
                {
                    connections++;
                    return await TestKit.Loopback.ConnectAsync(connection.DnsEndPoint.Port, ct);
                };
            }),
        });
        gateway.Write("orders");
        await gateway.StartAsync(Gateway.Cluster("orders", server) with
        {
            HttpClient = new HttpClientConfig { MaxConnectionsPerServer = 1 },
        });

        Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync("orders"));
        Assert.Equal(1, connections);
        Assert.Equal(["CN=orders"], Subjects(server));
    }
}
