using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>Under a default call, a client whose name is nearly a Service's has no policy, and somebody is told.</summary>
public class MisspelledClientTests
{
    [Theory]
    [InlineData("order", "orders")]
    [InlineData("ordres", "orders")]
    [InlineData("payments/bilings", "payments/billing")]
    [InlineData("biling", "payments/billing")]
    [InlineData("shipping", null)]
    [InlineData("api", null)]
    [InlineData("", null)]
    public async Task AKnownClient_IsAWarningAtStart_AndAnotherOneWhenItIsFirstSeen(string name, string? nearest)
    {
        foreach (var isKnown in new[] { true, false })
        {
            await using var host = Create(isKnown ? name : "known-to-nobody");

            await host.StartAsync();

            Assert.Equal(isKnown && nearest is not null ? 1 : 0, Warnings(host).Count);
            host[name].Dispose();
            host[name].Dispose();
            var warnings = Warnings(host);
            Assert.Equal(nearest is null ? 0 : 1, warnings.Count);
            Assert.All(warnings, warning =>
            {
                Assert.Contains($"client '{name}'", warning, StringComparison.Ordinal);
                Assert.Contains($"did you mean '{nearest}'?", warning, StringComparison.Ordinal);
            });
        }
    }

    [Fact]
    public async Task UnderGatewayDefault_ItIsAWarningToo()
    {
        await using var host = Create("order", UnboundClientBehavior.GatewayDefault);

        await host.StartAsync();

        Assert.Contains("the gateway's default", Assert.Single(Warnings(host)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutADefaultCall_NobodyIsTold()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls();
        host.Builder.Services.AddHttpClient("order");

        await host.StartAsync();
        host["order"].Dispose();

        Assert.Empty(Warnings(host));
    }

    [Theory]
    [InlineData("order", " Did you mean 'orders'?")]
    [InlineData("shipping", "of its name.")]
    public async Task TheErrorOfRefuse_SaysWhatWasMeant(string name, string end)
    {
        await using var host = Create(name, UnboundClientBehavior.Refuse);
        await host.StartAsync();

        var fault = Assert.Single(Assert.Throws<TlsPolicyException>(() => host[name]).Diagnostics);

        Assert.Equal(DiagnosticCodes.UnboundClient, fault.Code);
        Assert.EndsWith(end, fault.Message, StringComparison.Ordinal);
    }

    private static PolicyHost Create(string client, UnboundClientBehavior behavior = UnboundClientBehavior.Stock)
    {
        var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls(tls =>
        {
            tls.AddPolicy("orders", OutboundTlsPolicy.Default).AddPolicy("payments/billing", OutboundTlsPolicy.Default).AddPolicy("app", OutboundTlsPolicy.Default);
            tls.UnboundClients = behavior;
        });
        host.Builder.Services.ConfigureHttpClientDefaults(all => all.AddOutboundTls());
        host.Builder.Services.AddHttpClient(client, _ => { });
        return host;
    }

    private static List<string> Warnings(PolicyHost host) =>
        [.. host.Log.Warnings.Where(line => line.Contains(DiagnosticCodes.ClientLooksMisspelled, StringComparison.Ordinal))];
}
