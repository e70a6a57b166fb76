using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>How long a change waits that takes something away: from its first reading, as long as it stays the same.</summary>
public class WaitTests
{
    private static readonly string Full = "certificate: { key: 'file:../orders.key', crt: 'file:../orders.crt' }\n" + PolicyYaml.Trusting;
    private static readonly TimeSpan Most = WaitingHost.Delay - TimeSpan.FromHours(1);
    private static readonly TimeSpan Rest = TimeSpan.FromHours(2);

    [Fact]
    public async Task TimeThatGoesByWhileAReloadIsUnderWay_Counts()
    {
        await using var host = await WaitingHost.StartAsync(Full);
        using (var reload = new Pause(host.Rotating.Log, "a change of its policy waits until"))
        {
            host.Write(PolicyYaml.Trusting);
            await reload.ReachedAsync();
            host.Clock.Advance(WaitingHost.Delay);
        }

        await host.UntilGenerationAsync(2);
    }

    [Fact]
    public async Task TouchesAndChangesOfOtherUpstreams_DoNotProlong()
    {
        await using var host = await WaitingHost.StartAsync(Full);
        host.Write(PolicyYaml.Trusting);
        await host.UntilWaitingAsync();
        var until = host.Orders.Wait!.Until;

        host.Clock.Advance(Most);
        host.Write(PolicyYaml.Trusting);
        await host.ChangeOtherAsync("# a comment\n" + PolicyYaml.Trusting);

        Assert.Equal((1, until), (host.Orders.Generation, host.Orders.Wait!.Until));
        host.Clock.Advance(Rest);
        await host.UntilGenerationAsync(2);
        Assert.Equal("none", await host.Rotating.NewWhoAsync());
    }

    [Fact]
    public async Task AnotherContent_StartsTheWaitAgain()
    {
        await using var host = await WaitingHost.StartAsync(Full);
        host.Write(PolicyYaml.Trusting);
        await host.UntilWaitingAsync();
        host.Clock.Advance(Most);

        host.Write("maxversion: '1.2'\n" + PolicyYaml.Trusting);
        await host.Rotating.UntilAsync(() => host.Orders.Wait!.Until > host.Clock.Time.GetUtcNow() + Most);
        host.Clock.Advance(Rest);
        await host.ChangeOtherAsync("maxversion: '1.2'\n" + PolicyYaml.Trusting);

        Assert.Equal((1, "CN=first"), (host.Orders.Generation, await host.Rotating.NewWhoAsync()));
        host.Clock.Advance(WaitingHost.Delay);
        await host.UntilGenerationAsync(2);
    }

    [Fact]
    public async Task ContentThatGoesBack_ChangesNothing_AndIsLogged()
    {
        await using var host = await WaitingHost.StartAsync(Full);
        host.Write(PolicyYaml.Trusting);
        await host.UntilWaitingAsync();

        host.Write(Full);
        await host.ChangeOtherAsync(Full);
        host.Clock.Advance(WaitingHost.Delay * 2);
        await host.ChangeOtherAsync(Full);

        Assert.Equal((1, UpstreamTlsState.UpToDate), (host.Orders.Generation, host.Orders.State));
        Assert.Single(host.Rotating.Log.Lines, line => line.Text.Contains(
            "'orders': the change that waited is gone; nothing was put in force.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFault_StartsTheWaitAgain()
    {
        await using var host = await WaitingHost.StartAsync(Full);
        host.Write(PolicyYaml.Trusting);
        await host.UntilWaitingAsync();
        host.Clock.Advance(Most);
        host.Write("minversion: '1.4'");
        await host.Rotating.UntilDegradedAsync();
        Assert.Null(host.Orders.Wait);

        host.Write(PolicyYaml.Trusting);
        await host.UntilWaitingAsync();
        host.Clock.Advance(Rest);
        await host.ChangeOtherAsync(PolicyYaml.Trusting);
        Assert.Equal((1, UpstreamTlsState.Waiting), (host.Orders.Generation, host.Orders.State));
    }

    [Fact]
    public async Task APolicyWithoutHttp_IsNotPutInForce_WhenAClientCameMeanwhile()
    {
        await using var host = await WaitingHost.StartAsync(Full, host =>
        {
            host.Builder.Services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
            host.Write("policies/late.yaml", PolicyYaml.Binding("late", Full));
        });
        host.Write("policies/late.yaml", PolicyYaml.Binding("late", "alpn: [mqtt]\n" + PolicyYaml.Trusting));
        await host.Rotating.UntilAsync(() => host.Rotating.StatusOf("late").State == UpstreamTlsState.Waiting);

        using var client = host.Rotating["late"];
        host.Clock.Advance(WaitingHost.Delay);

        await host.Rotating.UntilDegradedAsync("late");
        var late = host.Rotating.StatusOf("late");
        Assert.Equal((1, DiagnosticCodes.NoHttpInAlpn), (late.Generation, late.Degradation!.Diagnostics[0].Code));
        Assert.Equal("CN=first", await client.GetStringAsync(host.Rotating.Server.Address, Deadline.Token()));
    }
}
