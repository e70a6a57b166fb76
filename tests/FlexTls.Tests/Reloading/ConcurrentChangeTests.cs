using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>Changes that come while another one is being put in force, and the end of the host.</summary>
public class ConcurrentChangeTests
{
    [Fact]
    public async Task ChangesThatComeWhileAReloadRuns_AreNotLost()
    {
        await using var host = await RotatingHost.StartAsync(WithBilling);
        using var pause = new Pause(host.Log, "generation 2 is in force");
        host.WriteIdentity("second");
        await pause.ReachedAsync();
        host.WriteIdentity("third");
        host.WriteIdentityOf("billing", "billing-2");
        host.Write("policies/more.yaml", PolicyYaml.Binding("more", "{}"));
        pause.Dispose();

        await host.UntilGenerationAsync(3);
        await host.UntilGenerationAsync(2, "billing");
        await host.UntilAsync(() => host.Contexts.TryGetContext("more", out _));
        Assert.Equal(("CN=third", "CN=billing-2"), (await host.NewWhoAsync(), await host.NewWhoAsync("billing")));
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task AChangeThatIsTakenBackWhileAReloadRuns_EndsWithWhatIsThere()
    {
        await using var host = await RotatingHost.StartAsync();
        var first = (File.ReadAllText(host.PathOf("orders.crt")), File.ReadAllText(host.PathOf("orders.key")));
        using var pause = new Pause(host.Log, "generation 2 is in force");
        host.WriteIdentity("second");
        await pause.ReachedAsync();
        host.Write("orders.crt", first.Item1);
        host.Write("orders.key", first.Item2);
        pause.Dispose();
        await host.UntilGenerationAsync(3);
        Assert.Equal("CN=first", await host.NewWhoAsync());
    }

    [Fact]
    public async Task TheEndOfTheHost_WaitsForTheReloadThatRuns()
    {
        var host = await RotatingHost.StartAsync();
        using var pause = new Pause(host.Log, "generation 2 is in force");
        host.WriteIdentity("second");
        await pause.ReachedAsync();
        var end = host.DisposeAsync().AsTask();
        Assert.False(end.IsCompleted);
        pause.Dispose();
        await end.WaitAsync(Deadline.Token());
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task TheEndOfTheHost_AmongManyReloads_IsAnEnd()
    {
        var host = await RotatingHost.StartAsync();
        var manager = host.Manager;
        host.WriteIdentity("second");
        var reloads = Enumerable.Range(0, 20).Select(_ => manager.ReloadAsync(Deadline.Token())).ToList();
        await host.DisposeAsync().AsTask().WaitAsync(Deadline.Token());
        await Task.WhenAll(reloads.Select(async reload => Assert.True(await Record.ExceptionAsync(() => reload) is null or ObjectDisposedException)));
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task AFirstLoadThroughARequest_KeepsNothingOfIt()
    {
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", Pki.Context(Pki.Trusting()).Policy));
            services.AddHttpClient("orders").AddOutboundTls();
        });
        var request = await Task.Run(() =>
        {
            var local = new AsyncLocal<object?> { Value = new object() };
            var reference = new WeakReference(local.Value);
            _ = clients["orders"];
            local.Value = null;
            return reference;
        }, TestContext.Current.CancellationToken);
        await Garbage.CollectedAsync(request);
    }

    private static void WithBilling(RotatingHost host)
    {
        host.WriteIdentityOf("billing", "billing");
        host.WritePolicy("billing");
        host.AddClient("billing").AddOutboundTls();
    }
}
