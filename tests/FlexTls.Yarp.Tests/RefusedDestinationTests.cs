using System.Net;
using Xunit;
using Yarp.ReverseProxy.Configuration;

namespace FlexTls.Proxies;

/// <summary>Destinations without TLS of clusters under a policy.</summary>
public class RefusedDestinationTests : ProxyContext
{
    [Fact]
    public async Task ADestinationWithoutTls_IsAnError_UnlessThePolicyAllowsIt()
    {
        await using var server = await StartAsync(options => options with { IsPlain = true });
        await using var gateway = new Gateway();
        gateway.Write("orders");
        gateway.Write("plain", config: "extensions: { allowPlainHttp: true }");
        await gateway.StartAsync(Gateway.Cluster("plain", server), Gateway.Cluster("other", server));

        await gateway.RefusedUpdateAsync(
            $"error FTLS7033: cluster 'orders': its destination {server.Address} has no TLS",
            Gateway.Cluster("orders", server));

        Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync("plain"));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync("other"));
    }

    [Fact]
    public async Task AnEmptyHealthAddress_CountsAsNone()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("orders");

        await gateway.StartAsync(Gateway.Cluster("orders", server) with
        {
            Destinations = new Dictionary<string, DestinationConfig>
            {
                ["one"] = new() { Address = server.Address.AbsoluteUri, Health = "" },
            },
        });

        Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync("orders"));
    }

    [Theory]
    [InlineData(" http://localhost:1/")]
    [InlineData("ws://localhost:1/")]
    [InlineData("localhost:1")]
    public async Task AnAddressThatIsNoHttps_IsAnError(string address)
    {
        await using var server = await StartAsync();

        var refusal = await RefusalAtStartAsync(new GatewayOptions(), Gateway.Cluster("orders", server) with
        {
            Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = address } },
        });

        Assert.Contains("error FTLS7033: cluster 'orders': ", refusal, StringComparison.Ordinal);
    }
}
