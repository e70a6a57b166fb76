using FlexTls.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary>The same upstream from two sources is an error that names both.</summary>
public class SameUpstreamTests
{
    private static readonly IConfigurationSection Section = Registered.Orders(new { minversion = "1.3" });

    [Fact]
    public async Task FileAndCode_AreNamedBoth()
    {
        await using var host = HostWithFile();
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));

        await AssertNamesAsync(host, "orders.yaml(2)", "AddPolicy(\"orders\", …)");
    }

    [Fact]
    public async Task FileAndConfiguration_AreNamedBoth()
    {
        await using var host = HostWithFile();
        host.Builder.Services.AddOutboundTls(Section);

        await AssertNamesAsync(host, "orders.yaml(2)", "OutboundTls:Upstreams:orders");
    }

    [Fact]
    public async Task CodeAndConfiguration_AreNamedBoth()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(Section);
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("default/orders", OutboundTlsPolicy.Default));

        await AssertNamesAsync(host, "AddPolicy(\"default/orders\", …)", "OutboundTls:Upstreams:orders");
    }

    [Fact]
    public async Task CodeAndCode_AreNamedBoth()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default).AddPolicy("default/orders", _ => { }));

        await AssertNamesAsync(host, "AddPolicy(\"orders\", …)", "AddPolicy(\"default/orders\", …)");
    }

    [Fact]
    public async Task TwoSections_AreNamedBoth()
    {
        await using var host = new PolicyHost();
        var configuration = Registered.Json("""{ "A": { "Upstreams": { "orders": {} } }, "B": { "Upstreams": { "default/orders": {} } } }""");
        host.Builder.Services.AddOutboundTls(configuration.GetSection("A")).AddOutboundTls(configuration.GetSection("B"));

        await AssertNamesAsync(host, "A:Upstreams:orders", "B:Upstreams:default/orders");
    }

    [Fact]
    public async Task TheSameSectionTwice_IsAnErrorToo()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(Section).AddOutboundTls(Section);

        await AssertNamesAsync(host, "OutboundTls:Upstreams:orders and", "from OutboundTls:Upstreams:orders;");
    }

    [Fact]
    public async Task TwoNamespaces_AreTwoUpstreams()
    {
        await using var host = HostWithFile();
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("payments/orders", options => options.MinVersion = TlsVersion.Tls13));

        await host.StartAsync();

        var contexts = host.Services.GetRequiredService<IOutboundTlsContextProvider>();
        Assert.Equal(TlsVersion.Tls13, contexts.GetContext("payments/orders").Policy.Versions.Min);
        Assert.Equal(TlsVersion.Tls12, contexts.GetContext("orders").Policy.Versions.Min);
    }

    private static PolicyHost HostWithFile()
    {
        var host = new PolicyHost();
        host.Write("orders.yaml", PolicyYaml.Binding("orders", PolicyYaml.Trusting));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("orders.yaml"));
        return host;
    }

    private static async Task AssertNamesAsync(PolicyHost host, params string[] sources)
    {
        var fault = Assert.Single((await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics, diagnostic => diagnostic.Code == DiagnosticCodes.UpstreamTwice);

        Assert.Equal(TlsPolicyDiagnosticSeverity.Error, fault.Severity);
        Assert.StartsWith("upstream 'orders'", fault.Message, StringComparison.Ordinal);
        Assert.All(sources, source => Assert.Contains(source, fault.Message, StringComparison.Ordinal));
    }
}
