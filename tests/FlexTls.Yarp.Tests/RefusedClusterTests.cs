using System.Net;
using System.Security.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace FlexTls.Proxies;

/// <summary>Faults that are found when a configuration is loaded: the one before stays in force.</summary>
public class RefusedClusterTests : ProxyContext
{
    public static TheoryData<string, HttpClientConfig> TlsSettings => new()
    {
        { "SslProtocols", new HttpClientConfig { SslProtocols = SslProtocols.Tls13 } },
        {
            "DangerousAcceptAnyServerCertificate",
            new HttpClientConfig { DangerousAcceptAnyServerCertificate = true }
        },
    };

    [Theory]
    [MemberData(nameof(TlsSettings))]
    public async Task TlsSettingsOfACluster_AreErrors_AtStartAndAfterAReload(string name, HttpClientConfig settings)
    {
        await using var server = await StartAsync();
        var message = $"error FTLS7032: cluster 'orders': HttpClient.{name} is set, which the policy decides; remove "
            + "it, and set ";
        var bad = Gateway.Cluster("orders", server) with { HttpClient = settings };

        Assert.Contains(message, await RefusalAtStartAsync(new GatewayOptions(), bad), StringComparison.Ordinal);
        await using var gateway = new Gateway();
        gateway.Write("orders");
        await gateway.StartAsync(Gateway.Cluster("orders", server));
        await gateway.RefusedUpdateAsync(message, bad, Gateway.Cluster("more", server, "orders"));

        Assert.Equal(HttpStatusCode.OK, await gateway.StatusOfAsync("orders"));
        Assert.Equal(HttpStatusCode.NotFound, await gateway.StatusOfAsync("more"));
    }

    [Theory]
    [InlineData(
        "payments/orders", "FTLS7001", "its metadata OutboundTls: there is no policy for a Service 'payments/orders'")]
    [InlineData("../orders.yaml", "FTLS7004", "is not the name of a Service")]
    [InlineData("billing", "FTLS7002", "there are policies for 2 Services 'billing'")]
    [InlineData("mqtt", "FTLS7007", "has neither h2 nor http/1.1")]
    public async Task APolicyThatCannotBe_IsAnError(string policy, string code, string message)
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("orders");
        gateway.Write("eu/billing");
        gateway.Write("us/billing");
        gateway.Write("mqtt", config: "alpn: [mqtt]");

        var refusal = await Assert.ThrowsAnyAsync<InvalidOperationException>(
            () => gateway.StartAsync(Gateway.Cluster("a", server, policy)));

        Assert.Contains($"error {code}: cluster 'a': ", $"{refusal}", StringComparison.Ordinal);
        Assert.Contains(message, $"{refusal}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("outboundtls", "billing", "FTLS7001")]
    [InlineData("OutboundTls", "", "FTLS7004")]
    [InlineData("OutboundTls", null, "FTLS7004")]
    public async Task MetadataThatNameNoPolicy_NeverMeanThePlatformsTls(string key, string? value, string code)
    {
        await using var server = await StartAsync();

        var refusal = await RefusalAtStartAsync(new GatewayOptions(), Gateway.Cluster("orders", server) with
        {
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [key] = value! },
        });

        Assert.Contains($"error {code}: cluster 'orders': ", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("billing", UnboundClientBehavior.Refuse, "there is no policy for a Service 'billing'")]
    [InlineData("Orders", UnboundClientBehavior.Stock, "did you mean 'orders'?")]
    [InlineData("ordrs", UnboundClientBehavior.Refuse, "did you mean 'orders'? UnboundClusters is Refuse: ")]
    public async Task AClusterWithoutAPolicy_IsAnError_WhereItMustHaveOne(
        string cluster, UnboundClientBehavior unbound, string message)
    {
        await using var server = await StartAsync();
        var options = new GatewayOptions
        {
            Proxy = proxy => proxy.AddOutboundTls(options => options.UnboundClusters = unbound),
        };

        var refusal = await RefusalAtStartAsync(options, Gateway.Cluster(cluster, server));

        Assert.Contains($"error FTLS7001: cluster '{cluster}': ", refusal, StringComparison.Ordinal);
        Assert.Contains(message, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ConfigureHttpClient_IsAnError_InEitherOrder(bool isFirst)
    {
        await using var server = await StartAsync();
        var options = new GatewayOptions
        {
            Proxy = proxy => _ = isFirst
                ? proxy.ConfigureHttpClient((_, _) => { }).AddOutboundTls()
                : proxy.AddOutboundTls().ConfigureHttpClient((_, _) => { }),
        };

        var refusal = await RefusalAtStartAsync(options, Gateway.Cluster("orders", server));

        Assert.Contains("error FTLS7031: cluster 'orders': ", refusal, StringComparison.Ordinal);
        Assert.Contains("options.ConfigureHandler", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheProxysOwnFactory_RegisteredLast_IsAnError()
    {
        await using var server = await StartAsync();
        var options = new GatewayOptions
        {
            Proxy = proxy => proxy.AddOutboundTls().Services
                .AddSingleton<IForwarderHttpClientFactory, ForwarderHttpClientFactory>(),
        };

        var refusal = await RefusalAtStartAsync(options, Gateway.Cluster("orders", server));

        Assert.Contains("error FTLS7031: cluster 'orders': ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MetadataThatNameAPolicyTwice_AreAnError()
    {
        await using var server = await StartAsync();

        var refusal = await RefusalAtStartAsync(new GatewayOptions(), Gateway.Cluster("orders", server) with
        {
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["OutboundTls"] = "orders",
                ["outboundtls"] = "orders",
            },
        });

        Assert.Contains(
            "error FTLS7035: cluster 'orders': its metadata has OutboundTls in several spellings", refusal,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnusablePolicies_AreListed_AndTheOtherClustersAreNotChecked()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("orders", config: "minversion: \"9\"");

        var refusal = await Assert.ThrowsAnyAsync<InvalidOperationException>(() => gateway.StartAsync(
            Gateway.Cluster("orders", server), Gateway.Cluster("more", server, "orders")));

        Assert.Contains("error FTLS2007: spec.config.minversion", $"{refusal}", StringComparison.Ordinal);
        Assert.Matches("error FTLS7037: cluster '(orders|more)': it was not checked", $"{refusal}");
    }

    [Fact]
    public async Task AClusterThatIsRenamedInLetterCaseOnly_IsJudgedByTheNameThatTheProxyKeeps()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        await gateway.StartAsync(Gateway.Cluster("Orders", server));
        gateway.Update(Gateway.Cluster("orders", server));
        gateway.Write("orders");
        await gateway.ReloadAsync();

        await gateway.RefusedUpdateAsync(
            "cluster 'orders', which runs as 'Orders' until it is removed: ",
            Gateway.Cluster("orders", server), Gateway.Cluster("more", server));

        Assert.Equal(HttpStatusCode.BadGateway, await gateway.StatusOfAsync("orders"));
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task FaultsOfThePolicies_AreListedOnce()
    {
        await using var server = await StartAsync();
        await using var gateway = new Gateway();
        gateway.Write("orders", config: "minversion: '1.4'");

        var refusal = await Assert.ThrowsAnyAsync<InvalidOperationException>(
            () => gateway.StartAsync(Gateway.Cluster("a", server), Gateway.Cluster("b", server)));

        var errors = Assert.IsType<AggregateException>(refusal.InnerException).InnerExceptions;
        Assert.Contains("orders.yaml(", errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("FTLS2007", errors[0].Message, StringComparison.Ordinal);
        Assert.Contains("cluster 'b'", errors[1].Message, StringComparison.Ordinal);
    }
}
