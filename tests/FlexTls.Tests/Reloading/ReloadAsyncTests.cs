using FlexTls.Support;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>Reloading on demand.</summary>
public class ReloadAsyncTests
{
    [Fact]
    public async Task WithoutWatching_NothingIsRead_UntilItIsAskedFor()
    {
        await using var host = await RotatingHost.StartAsync(configure: tls => (tls.ReloadOnChange, tls.PollInterval) = (false, TimeSpan.FromSeconds(1)));
        host.WriteIdentity("second");
        Assert.Equal("CN=first", await host.NewWhoAsync());
        Assert.Empty(await ReloadAsync(host));
        Assert.Equal(("CN=second", 2), (await host.NewWhoAsync(), host.Orders.Generation));

        host.Write("policies/orders.yaml", "a: [");
        Assert.Contains(await ReloadAsync(host), fault => fault.Code == DiagnosticCodes.YamlSyntax);
        Assert.Equal((UpstreamTlsState.Degraded, "CN=second"), (host.Orders.State, await host.NewWhoAsync()));
        host.Write("policies/billing.yaml", PolicyYaml.Binding("billing", "{}"));
        host.WritePolicy("orders");
        Assert.Empty(await ReloadAsync(host));
        Assert.Equal((UpstreamTlsState.UpToDate, 2), (host.Orders.State, host.Orders.Generation));
        Assert.True(host.Contexts.TryGetContext("billing", out _));

        host.Delete("policies/billing.yaml");
        Assert.Contains(await ReloadAsync(host), fault => fault.Code == DiagnosticCodes.PolicyGone);
        Assert.Equal(UpstreamTlsState.Degraded, host.StatusOf("billing").State);
    }

    [Fact]
    public async Task TwentyAtOnce_AndFilesThatChange_EndWithWhatIsThere()
    {
        await using var host = await RotatingHost.StartAsync();
        for (var round = 0; round < 4; round++)
        {
            host.WriteIdentity($"round-{round}");
            var name = $"CN=round-{round}";
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.Manager.ReloadAsync(Deadline.Token())));
            Assert.Equal(name, await host.NewWhoAsync());
        }

        Assert.Equal((5, UpstreamTlsState.UpToDate), (host.Orders.Generation, host.Orders.State));
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task AWaitThatIsCanceled_LeavesTheReloadThatRuns()
    {
        await using var host = await RotatingHost.StartAsync();
        using var pause = new Pause(host.Log, "generation 2 is in force");
        host.WriteIdentity("second");
        var running = host.Manager.ReloadAsync(Deadline.Token());
        await pause.ReachedAsync();
        using var canceled = new CancellationTokenSource();
        var waiting = host.Manager.ReloadAsync(canceled.Token);
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        pause.Dispose();
        Assert.Empty(await running);
        Assert.Equal("CN=second", await host.NewWhoAsync());
    }

    [Fact]
    public async Task OfWhoeverAsks_NothingIsKept()
    {
        await using var host = await RotatingHost.StartAsync(host => host.WritePolicy("orders", "extensions: { drainTimeout: 1h }"));
        using var first = await host.Client.GetAsync(host.Server.Address, HttpCompletionOption.ResponseHeadersRead, Deadline.Token());
        host.WriteIdentity("second");
        var request = await ReloadInRequestAsync(host);
        Assert.Equal(2, host.Orders.Generation);
        await Garbage.CollectedAsync(request);
    }

    [Fact]
    public async Task AfterTheHostIsDisposed_ItIsRefused()
    {
        var host = await RotatingHost.StartAsync();
        var manager = host.Manager;
        await host.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => manager.ReloadAsync(Deadline.Token()));
    }

    private static async Task<IEnumerable<TlsPolicyDiagnostic>> ReloadAsync(RotatingHost host) =>
        (await host.Manager.ReloadAsync(Deadline.Token())).Where(fault => fault.Severity == TlsPolicyDiagnosticSeverity.Error);

    /// <summary>Reloads as a request does that has values of its own, and gives one of them.</summary>
    private static Task<WeakReference> ReloadInRequestAsync(RotatingHost host) => Task.Run(async () =>
    {
        var local = new AsyncLocal<object?> { Value = new object() };
        var reference = new WeakReference(local.Value);
        await host.Manager.ReloadAsync(Deadline.Token());
        local.Value = null;
        return reference;
    });
}
