using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>Pools of databases and brokers, which close their connections when the policy or a certificate changes.</summary>
public class ReloadTokenTests
{
    [Fact]
    public async Task AToken_FiresOnceForEachChange()
    {
        await using var services = new Services();
        var changes = 0;
        using var registration = ChangeToken.OnChange(
            () => services.Contexts.GetReloadToken("orders"), () => Interlocked.Increment(ref changes));

        await services.RotateAsync("CN=second");
        await Deadline.UntilAsync(() => changes == 1);
        await services.ReloadAsync();
        await services.RotateAsync("CN=third");
        await Deadline.UntilAsync(() => changes == 2);

        Assert.Equal("CN=third", services.Contexts.GetContext("orders").Effective.ClientCertificate?.Subject);
        Assert.False(services.Contexts.GetReloadToken("orders").HasChanged);
    }

    [Fact]
    public async Task TheManagersToken_FiresForANewUpstreamToo_ButNotWithoutAChange()
    {
        await using var tenants = new Tenants("orders");
        var manager = tenants.All.GetRequiredService<IOutboundTlsManager>();
        var token = manager.GetReloadToken();
        await tenants.ReloadAsync();
        Assert.False(token.HasChanged);

        tenants.Write("billing");
        await tenants.ReloadAsync();
        await Deadline.UntilAsync(() => token.HasChanged);
        token = manager.GetReloadToken();
        tenants.Write("orders", "renewed");
        await tenants.ReloadAsync();

        await Deadline.UntilAsync(() => token.HasChanged);
        Assert.False(manager.GetReloadToken().HasChanged);
    }

    [Fact]
    public async Task ACallbackThatHangs_HoldsUpNoReload()
    {
        await using var services = new Services();
        using var goOn = new ManualResetEventSlim();
        var isCalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        services.Contexts.GetReloadToken("orders").RegisterChangeCallback(
            _ => throw new InvalidOperationException("A callback that throws."), null);
        services.Contexts.GetReloadToken("orders").RegisterChangeCallback(
            _ =>
            {
                isCalled.SetResult();
                goOn.Wait();
            },
            null);

        await services.RotateAsync("CN=second");
        await isCalled.Task.WaitAsync(Deadline.Token());
        await services.RotateAsync("CN=third");

        Assert.Equal(3, services.Orders.Generation);
        goOn.Set();
    }

    [Fact]
    public async Task AnUnknownName_IsAnError()
    {
        await using var services = new Services();

        Assert.Throws<KeyNotFoundException>(() => services.Contexts.GetReloadToken("billing"));
        Assert.Throws<ArgumentNullException>(() => services.Contexts.GetReloadToken(null!));
    }
}
