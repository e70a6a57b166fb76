using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Status;

/// <summary>Whoever looks in the middle of a change sees what was before or what comes after, and no mixture.</summary>
public class ChangeStepTests
{
    public static TheoryData<string> Before => ["degraded", "waiting", "weakened"];

    [Theory]
    [MemberData(nameof(Before))]
    public async Task AReplacement_IsOneStep(string before)
    {
        await using var host = WatchedHost.Of(options => options.TrustedCA = Pki.Root.Pem);
        Bring(host, before);
        var first = Shown(host.Status);
        var seen = new List<string>();
        host.Orders.Join(new Observer(() => seen.Add(Shown(host.Status))));

        host.Replace(Pki.Trusting());

        var after = $"generation {(before == "weakened" ? 3 : 2)} UpToDate, none of Degradation, Wait, Weakening, 'next.yaml(7)', health UpToDate";
        Assert.DoesNotContain("UpToDate", first, StringComparison.Ordinal);
        Assert.Equal([first, after, after], [.. seen, Shown(host.Status)]);

        string Shown(OutboundTlsStatus status)
        {
            var orders = Assert.Single(status.Upstreams);
            object?[] reasons = [orders.Degradation, orders.Wait, orders.Weakening];
            var health = UpstreamHealth.Of(host.Orders, new ExpiryThresholds([], 0), host.Clock.GetUtcNow());
            return $"generation {orders.Generation} {orders.State}, {(reasons.Any(reason => reason is not null) ? "one" : "none")} of Degradation, "
                + $"Wait, Weakening, '{orders.Source}', health {health.Data["state"]}";
        }
    }

    [Fact]
    public async Task AReload_ShowsTheNewGenerationOnlyWithoutTheOldFaults()
    {
        await using var host = new PolicyHost();
        host.Write("orders.yaml", PolicyYaml.Binding("orders", PolicyYaml.Trusting));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("orders.yaml").ReloadOnChange = false);
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls();
        await host.StartAsync();
        var manager = host.Services.GetRequiredService<IOutboundTlsManager>();
        var orders = host.Services.GetRequiredService<UpstreamRegistry>().Table.FindService("orders", out _)!;
        host.Write("orders.yaml", PolicyYaml.Binding("orders", "minversion: '1.4'"));
        await manager.ReloadAsync(Deadline.Token());
        Assert.True(manager.GetStatus().IsDegraded);
        Assert.StartsWith(
            "Changed policies cannot be used. Upstreams that keep the previous policy: orders. ",
            Assert.Single(host.Log.Warnings), StringComparison.Ordinal);
        var seen = new List<(int Generation, UpstreamTlsState State, bool IsDegraded)>();
        orders.Join(new Observer(Look));
        host.Log.Written = _ => Look();

        host.Write("orders.yaml", PolicyYaml.Binding("orders", PolicyYaml.Trusting + "minversion: '1.3'"));
        await manager.ReloadAsync(Deadline.Token());

        Assert.Equal(
            [(1, UpstreamTlsState.Degraded, true), (2, UpstreamTlsState.UpToDate, false)],
            seen.Distinct());

        void Look()
        {
            var status = manager.GetStatus();
            var upstream = Assert.Single(status.Upstreams);
            seen.Add((upstream.Generation, upstream.State, status.IsDegraded));
        }
    }

    [Fact]
    public async Task AWeakenedUpstream_KeepsNoReplacedKey()
    {
        await using var host = WatchedHost.Of(options =>
        {
            options.TrustedCA = Pki.Root.Pem;
            options.ClientCertificate = Pki.Client;
        });

        host.Weaken();

        Assert.Equal(UpstreamTlsState.Weakened, host.Status.Upstreams.Single().State);
        Assert.False(host.Orders.State.Confirmed.HasClientCertificate);
    }

    private static void Bring(WatchedHost host, string state)
    {
        var source = host.Orders.Source;
        var context = host.Orders.Current.Context;
        switch (state)
        {
            case "degraded":
                host.Degrade();
                break;
            case "waiting":
                var now = host.Clock.GetUtcNow();
                var change = PolicyChange.Between(OutboundTlsPolicy.Create(Pki.MutualTls()), source.Policy);
                host.Orders.Await(new PendingChange(context, change, now, now.AddSeconds(10)) { Start = 1 });
                break;
            default:
                host.Weaken();
                break;
        }
    }

    private sealed class Observer(Action look) : IGenerationUser
    {
        public bool NeedsHttp => false;

        public void Adopt(UpstreamGeneration generation) => look();
    }
}
