using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Reloading;

public class BoundClientTests
{
    [Theory]
    [InlineData("ledger")]
    [InlineData("billing/ledger")]
    public async Task AClientOfADefaultCall_StaysBound_WhateverServicesCome(string newcomer)
    {
        await using var host = await RotatingHost.StartAsync(
            host =>
            {
                host.Write("policies/ledger.yaml", PolicyYaml.Binding("payments/ledger", "minversion: '1.3'"));
                host.Builder.Services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
            },
            tls => tls.ReloadOnChange = false);
        var registry = host.Services.GetRequiredService<UpstreamRegistry>();
        var bound = registry.Clients.Find("ledger");
        Assert.Equal("payments/ledger", bound!.Name);

        host.Write("policies/other.yaml", PolicyYaml.Binding(newcomer, "{}"));
        await host.Manager.ReloadAsync(TestContext.Current.CancellationToken);

        Assert.NotSame(bound, registry.Table.FindService(newcomer, out _));
        Assert.Same(bound, registry.Clients.Find("ledger"));
    }
}
