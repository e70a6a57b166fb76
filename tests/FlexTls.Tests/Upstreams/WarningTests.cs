using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Upstreams;

/// <summary>Warnings are logged once, however many clients and handlers there are, and unused policies are among them.</summary>
public class WarningTests
{
    private const string Weak = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA";

    [Fact]
    public async Task AWarningOfAPolicy_IsLoggedOnce_NotForEveryClientOrHandler()
    {
        await using var host = new PolicyHost();
        host.Write("orders.yaml", PolicyYaml.Binding("orders", $"ciphers: [{Weak}]"));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("orders.yaml"));
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls();
        host.Builder.Services.AddHttpClient("again").AddOutboundTls("orders").SetHandlerLifetime(TimeSpan.FromSeconds(1));

        await host.StartAsync();
        foreach (var name in new[] { "orders", "again", "orders", "again" })
        {
            host[name].Dispose();
            host.Services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders");
        }

        Assert.Contains(DiagnosticCodes.WeakCipher, Assert.Single(host.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWarningOfAPolicyInCode_IsLoggedOnce_ForAllItsClients()
    {
        await using var host = new PolicyHost();
        var policy = OutboundTlsPolicy.Create(new OutboundTlsOptions { Ciphers = Typed.Suites(Weak) });
        host.Builder.Services.AddHttpClient("a").AddOutboundTls(policy);
        host.Builder.Services.AddHttpClient("b").AddOutboundTls(policy);

        await host.StartAsync();

        Assert.Single(host.Log.Warnings, line => line.Contains(DiagnosticCodes.WeakCipher, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutAHost_TheFirstUseLogs()
    {
        await using var clients = ClientHost.Create(services => services
            .AddOutboundTls(tls => tls.AddPolicy("orders", options => options.Ciphers = Typed.Suites(Weak))).AddHttpClient("orders").AddOutboundTls());

        Assert.Empty(clients.Log.Warnings);
        clients["orders"].Dispose();
        clients["orders"].Dispose();

        Assert.Contains(DiagnosticCodes.WeakCipher, Assert.Single(clients.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACertificateOutOfDate_IsLoggedOnce_NotForEveryClient()
    {
        var expired = TestCA.Root("CN=Old", notAfter: DateTimeOffset.UtcNow.AddDays(-1));
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", options => options.TrustedCA = expired.Pem));
            services.AddHttpClient("orders").AddOutboundTls();
            services.AddHttpClient("again").AddOutboundTls("orders");
        });

        clients["orders"].Dispose();
        clients["again"].Dispose();

        Assert.Contains(DiagnosticCodes.TrustAnchorNotInDate, Assert.Single(clients.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APolicyThatNoClientUses_IsAWarning()
    {
        await using var host = new PolicyHost();
        host.Write("all.yaml", PolicyYaml.Binding("orders", "{}") + PolicyYaml.Binding("payments/billing", "{}"));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("all.yaml").AddPolicy("code", OutboundTlsPolicy.Default));
        host.Builder.Services.AddOutboundTls(Registered.Json("""{ "A": { "Upstreams": { "section": {} } } }""").GetSection("A"));
        host.Builder.Services.AddHttpClient("mine").AddOutboundTls("orders");

        await host.StartAsync();

        var warnings = host.Log.Warnings.ToList();
        Assert.All(warnings, warning => Assert.Contains(DiagnosticCodes.PolicyUnused, warning, StringComparison.Ordinal));
        Assert.Equal(["code", "payments/billing", "section"], warnings.Select(warning => warning.Split('\'')[1]).Order(StringComparer.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("all.yaml(", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("A:Upstreams:section", StringComparison.Ordinal));
    }

    /// <summary>The policy is unused because the client names another one.</summary>
    [Fact]
    public async Task BesideAnError_NoPolicyCountsAsUnused()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        host.Builder.Services.AddHttpClient("odrers").AddOutboundTls();

        var refused = await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync);

        Assert.Equal(DiagnosticCodes.NoPolicyForClient, Assert.Single(refused.Diagnostics).Code);
    }

    [Fact]
    public async Task UnderADefaultCall_NoPolicyCountsAsUnused()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        host.Builder.Services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());

        await host.StartAsync();

        Assert.Empty(host.Log.Warnings);
    }

    [Fact]
    public async Task WithoutHttpClients_NoPolicyCountsAsUnused()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));

        await host.StartAsync();

        Assert.Empty(host.Log.Warnings);
    }
}
