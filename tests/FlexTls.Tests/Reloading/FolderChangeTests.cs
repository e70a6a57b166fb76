using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>Policy files come and go in folders and under patterns.</summary>
public class FolderChangeTests
{
    [Theory]
    [InlineData("policies", "policies/billing.yaml")]
    [InlineData("policies/*.yaml", "policies/billing.yaml")]
    [InlineData("**/*.yaml", "more/billing.yaml")]
    [InlineData("polic*/**/*.yaml", "policies/a/b/billing.yaml")]
    public async Task AFileThatIsAdded_IsAnUpstreamMore(string pattern, string file)
    {
        await using var host = await RotatingHost.StartAsync(WithLateClients, pattern: pattern);
        Assert.False(host.Contexts.TryGetContext("billing", out _));

        host.WriteIdentityOf("billing", "billing");
        host.Write(file, PolicyYaml.Binding("billing", RotatingHost.ConfigOf("billing").Replace("file:", $"file:{host.Folder}/", StringComparison.Ordinal)));
        await host.UntilAsync(() => host.Contexts.TryGetContext("billing", out _));

        Assert.Equal("CN=billing", await host.NewWhoAsync("billing"));
        Assert.Equal((1, UpstreamTlsState.UpToDate), (host.StatusOf("billing").Generation, host.StatusOf("billing").State));
        host.WriteIdentityOf("billing", "billing-2");
        await host.UntilGenerationAsync(2, "billing");
        Assert.Equal("CN=billing-2", await host.NewWhoAsync("billing"));
        Assert.Equal(1, host.Orders.Generation);
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task AFileThatIsRemoved_DegradesItsUpstream_AndNoOther()
    {
        await using var host = await RotatingHost.StartAsync(host =>
        {
            host.WriteIdentityOf("billing", "billing");
            host.WritePolicy("billing");
            host.AddClient("billing").AddOutboundTls();
        }, pattern: "policies");

        host.Delete("policies/billing.yaml");
        await host.UntilDegradedAsync(DiagnosticCodes.PolicyGone, "billing");
        Assert.Equal("CN=billing", await host.NewWhoAsync("billing"));
        host.WriteIdentity("second");
        await host.UntilGenerationAsync(2);
        Assert.Equal("CN=second", await host.WhoAsync());

        host.WritePolicy("billing");
        await host.UntilGenerationAsync(1, "billing");
        Assert.Single(host.Errors);
    }

    [Fact]
    public async Task AFolderThatIsRemovedAndMadeAgain_IsFoundAgain()
    {
        await using var host = await RotatingHost.StartAsync(pattern: "policies");
        Directory.Delete(host.PathOf("policies"), recursive: true);
        await host.UntilDegradedAsync(DiagnosticCodes.PolicyGone, "orders");
        Assert.Equal("CN=first", await host.NewWhoAsync());

        host.WriteIdentity("second");
        host.WritePolicy("orders");
        await host.UntilGenerationAsync(2);
        host.WriteIdentity("third");
        await host.UntilGenerationAsync(3);
        Assert.Equal("CN=third", await host.WhoAsync());
    }

    [Fact]
    public async Task AFileThatIsAddedWithAFault_IsNoUpstream_UntilItIsGood()
    {
        await using var host = await RotatingHost.StartAsync(WithLateClients);
        host.WritePolicy("billing");
        await host.UntilAsync(() => host.Errors.Count == 1);
        Assert.False(host.Contexts.TryGetContext("billing", out _));
        Assert.Contains(DiagnosticCodes.UnreadableReference, host.Errors[0], StringComparison.Ordinal);
        Assert.Equal(UpstreamTlsState.UpToDate, host.Orders.State);

        host.WriteIdentityOf("billing", "billing");
        await host.UntilAsync(() => host.Contexts.TryGetContext("billing", out _));
        Assert.Equal("CN=billing", await host.NewWhoAsync("billing"));
    }

    /// <summary>Clients of all names are under the policy of the Service of their name, and must have one.</summary>
    private static void WithLateClients(RotatingHost host)
    {
        host.AddClient("billing");
        host.Builder.Services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        host.Builder.Services.AddOutboundTls(tls => tls.UnboundClients = UnboundClientBehavior.Refuse);
    }
}
