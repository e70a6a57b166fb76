using FlexTls.Support;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>An upstream whose policy is the same as before keeps its generation and its connections.</summary>
public class UnchangedFileTests
{
    [Fact]
    public async Task FilesThatAreTouched_OrWrittenAgain_ChangeNothing()
    {
        await using var host = await RotatingHost.StartAsync();
        await AssertKeptAsync(host, () =>
        {
            File.SetLastWriteTimeUtc(host.PathOf("orders.key"), DateTime.UtcNow);
            host.Write("orders.crt", File.ReadAllText(host.PathOf("orders.crt")));
            host.Write("policies/orders.yaml", File.ReadAllText(host.PathOf("policies/orders.yaml")));
        });
    }

    [Fact]
    public async Task AnEqualPolicy_ThatIsWrittenOtherwise_KeepsTheGeneration_AtItsNewPlace()
    {
        await using var host = await RotatingHost.StartAsync();
        await AssertKeptAsync(host, () =>
        {
            host.Write("orders.crt", "# a comment\n" + File.ReadAllText(host.PathOf("orders.crt")) + "\n");
            host.Write("policies/orders.yaml", "# moved down\n\n" + RotatingHost.BindingOf("orders", "minversion: '1.2'\nskipValidation: false\n"));
        });
        Assert.Equal(4, host.Orders.Line);
    }

    [Fact]
    public async Task ReloadAsync_OfWhatHasNotChanged_ChangesNothing()
    {
        await using var host = await RotatingHost.StartAsync();
        await AssertKeptAsync(host, () => host.Manager.ReloadAsync().GetAwaiter().GetResult());
    }

    [Fact]
    public async Task WhatTheFirstLoadWarnedOf_IsNotToldAgain()
    {
        await using var host = await RotatingHost.StartAsync(host => host.WritePolicy("orders", "ciphers: [TLS_RSA_WITH_AES_128_GCM_SHA256]\n"));
        var warnings = host.Log.Warnings.Count(line => line.Contains("FTLS2018", StringComparison.Ordinal));
        Assert.Equal(1, warnings);
        host.Write("policies/billing.yaml", PolicyYaml.Binding("billing", "{}"));
        await host.UntilAsync(() => host.Contexts.TryGetContext("billing", out _));
        await host.Manager.ReloadAsync(Deadline.Token());
        Assert.Equal(1, host.Log.Warnings.Count(line => line.Contains("FTLS2018", StringComparison.Ordinal)));
    }

    private static async Task AssertKeptAsync(RotatingHost host, Action change)
    {
        await host.WhoAsync();
        var settings = host.Orders.Settings;

        change();

        // What comes later and is in force shows that everything before was looked at.
        host.Write("policies/billing.yaml", PolicyYaml.Binding("billing", "{}"));
        await host.UntilAsync(() => host.Contexts.TryGetContext("billing", out _));
        await host.Manager.ReloadAsync(Deadline.Token());
        await host.WhoAsync();
        Assert.Same(settings, host.Orders.Settings);
        Assert.Equal(1, host.Orders.Generation);
        Assert.Single(host.Server.Requests.Select(request => request.ConnectionId).Distinct());
        Assert.Empty(host.Errors);
    }
}
