using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>What takes something away, or is weaker, is in force only when it has been still for a while.</summary>
public class WeakeningTests
{
    private const string Certificate = "certificate: { key: 'file:../orders.key', crt: 'file:../orders.crt' }\n";
    private const string Gone = "trustedCA is gone: the operating system's CAs take its place";

    // A pause at the end of a line leaves the part in front of trustedCA: a good policy.
    private static readonly string Full = Certificate + PolicyYaml.Trusting;
    private static readonly string Narrower = "maxversion: '1.2'\n" + Certificate;
    private static readonly string Next = Narrower + PolicyYaml.Trusting;
    private static readonly TimeSpan Most = WaitingHost.Delay - TimeSpan.FromHours(1);

    [Fact]
    public async Task AWriterThatPausesBeforeTrustedCA_NeverPutsSystemTrustInForce()
    {
        await using var host = await WaitingHost.StartAsync(Full);

        host.Write(Narrower);
        await host.UntilWaitingForAsync(Gone);
        host.Clock.Advance(Most);
        await host.ChangeOtherAsync(Narrower);

        Assert.Equal((1, UpstreamTlsState.Waiting, "CN=first"), (host.Orders.Generation, host.Orders.State, await host.Rotating.NewWhoAsync()));
        host.Write(Next);
        await host.UntilGenerationAsync(2);
        Assert.Equal((UpstreamTlsState.UpToDate, false, "CN=first"), (host.Orders.State, host.Orders.Settings.TrustsSystemCAs, await host.Rotating.NewWhoAsync()));
        Assert.DoesNotContain(host.Rotating.Log.Lines, line => line.Text.Contains("weaker than", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ABundleThatIsCutBetweenTwoCertificates_IsNeverInForce()
    {
        var config = "trustedCA: 'file:../ca.pem'\n" + Certificate;
        await using var host = await WaitingHost.StartAsync(config, host => host.Write("ca.pem", Pki.Foreign.Pem + "\n" + Pki.Root.Pem + "\n"));

        host.Write("ca.pem", Pki.Foreign.Pem + "\n");
        await host.UntilWaitingForAsync("trustedCA has 1 instead of 2 entries");
        host.Clock.Advance(Most);
        await host.ChangeOtherAsync(config);

        Assert.Equal((1, "CN=first"), (host.Orders.Generation, await host.Rotating.NewWhoAsync()));
        host.Write("ca.pem", Pki.Foreign.Pem + "\n" + Pki.Root.Pem + "\n" + Pki.Intermediate.Pem + "\n");
        await host.UntilGenerationAsync(2);
        Assert.Equal((UpstreamTlsState.UpToDate, "CN=first"), (host.Orders.State, await host.Rotating.NewWhoAsync()));
    }

    [Fact]
    public async Task ACAThatIsRemoved_IsGoneAfterTheDelay_AndThatIsNoWeakening()
    {
        var both = $"trustedCA: |\n{(Pki.Foreign.Pem + "\n" + Pki.Root.Pem).Indented(2)}\n";
        await using var host = await WaitingHost.StartAsync(both + Certificate);

        host.Write(Full);
        await host.UntilWaitingAsync();
        host.Clock.Advance(WaitingHost.Delay);
        await host.UntilGenerationAsync(2);

        Assert.Equal((UpstreamTlsState.UpToDate, 1), (host.Orders.State, host.Orders.Settings.TrustedCAs.Count));
        Assert.DoesNotContain(host.Rotating.Log.Warnings, line => line.Contains("weaker", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatIsWeaker_WaitsVisibly_IsLoggedWithItsLosses_AndStandsInTheStatus_UntilNothingIsWeaker()
    {
        await using var host = await WaitingHost.StartAsync("minversion: '1.3'\n" + Full);
        var start = host.Clock.Time.GetUtcNow();

        host.Write(Certificate);
        await host.UntilWaitingAsync();
        var wait = host.Orders.Wait!;
        Assert.InRange(wait.Since, start, host.Clock.Time.GetUtcNow());
        Assert.Equal(wait.Since + WaitingHost.Delay, wait.Until);
        Assert.Equal(["minversion is 1.2 instead of 1.3", Gone], wait.Reasons);
        Assert.False(host.Rotating.Manager.GetStatus().IsDegraded);

        host.Clock.Advance(WaitingHost.Delay);
        await host.UntilGenerationAsync(2);
        Assert.Equal((UpstreamTlsState.Weakened, true), (host.Orders.State, host.Orders.Settings.TrustsSystemCAs));
        var weakening = host.Orders.Weakening!;
        Assert.Equal(wait.Reasons, weakening.Reasons);
        Assert.Equal(host.Orders.Since, weakening.Since);
        await host.Rotating.UntilAsync(() => host.Rotating.Log.Lines.Any(line => line.Level == LogLevel.Warning
            && line.Text.Contains(
                $"is weaker than the previous one: {string.Join("; ", wait.Reasons)}.", StringComparison.Ordinal)));
        Assert.Single(host.Rotating.Log.Lines, line => line.Text.Contains("a change of its policy waits until", StringComparison.Ordinal));

        // A change that does not weaken anything more, such as a renewal, confirms nothing.
        host.Write(Full);
        await host.UntilGenerationAsync(3);
        Assert.Equal(UpstreamTlsState.Weakened, host.Orders.State);
        Assert.Equal(["minversion is 1.2 instead of 1.3"], host.Orders.Weakening!.Reasons);
        Assert.Equal(weakening.Since, host.Orders.Weakening.Since);

        host.Write("minversion: '1.3'\n" + Full);
        await host.UntilGenerationAsync(4);
        Assert.Equal((UpstreamTlsState.UpToDate, null), (host.Orders.State, host.Orders.Weakening));
    }

    [Fact]
    public async Task Weakened_EndsWithReloadAsync()
    {
        await using var host = await WaitingHost.StartAsync(Full);
        host.Write(Certificate);
        await host.UntilWaitingAsync();
        host.Clock.Advance(WaitingHost.Delay);
        await host.UntilGenerationAsync(2);
        Assert.Equal(UpstreamTlsState.Weakened, host.Orders.State);

        await host.Rotating.Manager.ReloadAsync(Deadline.Token());

        Assert.Equal((UpstreamTlsState.UpToDate, 2), (host.Orders.State, host.Orders.Generation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReloadAsync_DoesNotWait(bool isWaiting)
    {
        await using var host = await WaitingHost.StartAsync(Full);
        host.Write(PolicyYaml.Trusting);
        if (isWaiting)
        {
            await host.UntilWaitingForAsync("certificate is gone");
        }

        await host.Rotating.Manager.ReloadAsync(Deadline.Token());
        Assert.Equal((2, UpstreamTlsState.UpToDate, "none"), (host.Orders.Generation, host.Orders.State, await host.Rotating.NewWhoAsync()));

        host.Write("skipValidation: true");
        await host.Rotating.Manager.ReloadAsync(Deadline.Token());
        Assert.Equal((3, UpstreamTlsState.UpToDate), (host.Orders.Generation, host.Orders.State));
        Assert.Contains(host.Rotating.Log.Warnings,
            line => line.Contains(
                "generation 3 is weaker than the previous one: skipValidation is on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ABindingThatIsRemoved_AndComesBackWeakerFromAnotherFile_Waits()
    {
        await using var host = await WaitingHost.StartAsync(Full);
        host.Write("policies/orders.yaml", "# nothing\n");
        await host.Rotating.UntilDegradedAsync();

        host.Write("policies/moved.yaml", PolicyYaml.Binding("orders", Certificate));
        await host.UntilWaitingForAsync(Gone);
        Assert.Equal("CN=first", await host.Rotating.NewWhoAsync());
        host.Clock.Advance(WaitingHost.Delay);
        await host.UntilGenerationAsync(2);
        Assert.StartsWith(host.Rotating.PathOf("policies/moved.yaml"), host.Orders.Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AForbiddenPolicy_DoesNotWait_ItIsRefused()
    {
        await using var host = await WaitingHost.StartAsync(Full, host => host.Builder.Services.AddOutboundTls(tls => tls.ForbidDangerous()));

        host.Write("skipValidation: true");

        await host.Rotating.UntilDegradedAsync();
        Assert.DoesNotContain(host.Rotating.Log.Lines, line => line.Text.Contains("DANGEROUS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task APolicyForAllClients_Waits_AlsoForClientsToCome()
    {
        await using var host = await WaitingHost.StartAsync(Full, host =>
        {
            host.Write("all.pem", Pki.Root.Pem + "\n" + Pki.Foreign.Pem + "\n");
            host.Builder.Services.ConfigureHttpClientDefaults(clients => clients.AddOutboundTls(options => options.TrustedCA = "file:all.pem"));
        });
        Assert.Equal("none", await host.Rotating["early"].GetStringAsync(host.Rotating.Server.Address, Deadline.Token()));

        host.Write("all.pem", Pki.Foreign.Pem + "\n");
        await host.Rotating.UntilAsync(() => host.Rotating.StatusOf("early").State == UpstreamTlsState.Waiting);
        Assert.Equal("none", await host.Rotating["late"].GetStringAsync(host.Rotating.Server.Address, Deadline.Token()));

        host.Clock.Advance(WaitingHost.Delay);
        await host.Rotating.UntilAsync(() => host.Rotating.StatusOf("early").Generation == 2);
        await Assert.ThrowsAsync<HttpRequestException>(() => host.Rotating["later"].GetStringAsync(host.Rotating.Server.Address, Deadline.Token()));
    }
}
