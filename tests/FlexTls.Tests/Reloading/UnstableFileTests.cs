using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>A file that goes on changing does not count, and is not waited for for ever.</summary>
public class UnstableFileTests
{
    [Fact]
    public async Task AFileThatKeepsGrowing_IsToldAsStillChanging_AndIsInForceWhenItHasSettled()
    {
        await using var host = await RotatingHost.StartAsync();
        var second = RotatingHost.Identity("second");
        host.Write("orders.key", second.KeyPem());
        await GrowUntilAsync(host, "orders.crt", second.ExportCertificatePem() + "\n", () => host.Orders.State == UpstreamTlsState.Degraded);

        var fault = Assert.Single(host.Orders.Degradation!.Diagnostics);
        Assert.Equal((DiagnosticCodes.StillChanging, host.PathOf("orders.crt")), (fault.Code, fault.FileName));
        await host.UntilGenerationAsync(2);
        Assert.Equal("CN=second", await host.NewWhoAsync());
        Assert.Single(host.Errors);
    }

    [Fact]
    public async Task AFileThatKeepsGrowing_DoesNotKeepOthersFromTheirChange()
    {
        await using var host = await RotatingHost.StartAsync(host => host.Write("policies/billing.yaml", PolicyYaml.Binding("billing", "{}")));
        var changed = false;
        await GrowUntilAsync(host, "policies/billing.yaml", PolicyYaml.Binding("billing", "maxversion: '1.2'"), () =>
        {
            if (!changed)
            {
                host.WriteIdentity("second");
                changed = true;
            }

            return host.Orders.Generation == 2 && host.StatusOf("billing").State == UpstreamTlsState.Degraded;
        });
        Assert.Equal("CN=second", await host.NewWhoAsync());
        await host.UntilGenerationAsync(2, "billing");
    }

    [Fact]
    public async Task AFileThatSettlesOnWhatItWas_IsNoLongerStillChanging()
    {
        await using var host = await RotatingHost.StartAsync();
        var text = File.ReadAllText(host.PathOf("orders.crt"));
        await GrowUntilAsync(host, "orders.crt", text, () => host.Orders.State == UpstreamTlsState.Degraded);
        await host.UntilGenerationAsync(1);
    }

    [Fact]
    public async Task ANewPolicyFileThatKeepsGrowing_IsNoUpstreamBefore()
    {
        await using var host = await RotatingHost.StartAsync();
        await GrowUntilAsync(host, "policies/billing.yaml", PolicyYaml.Binding("billing", "{}"), () =>
        {
            Assert.False(host.Contexts.TryGetContext("billing", out _));
            return host.Errors.Count > 0;
        });
        Assert.Contains(DiagnosticCodes.StillChanging, host.Errors[0], StringComparison.Ordinal);
        await host.UntilAsync(() => host.Contexts.TryGetContext("billing", out _));
        Assert.Equal((1, UpstreamTlsState.UpToDate), (host.Orders.Generation, host.Orders.State));
    }

    /// <summary>Appends comments until something has happened; then the file is as it should be.</summary>
    private static async Task GrowUntilAsync(RotatingHost host, string path, string end, Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var ct = Deadline.Token();
        host.Write(path, end);
        while (!condition())
        {
            await File.AppendAllTextAsync(host.PathOf(path), "# more\n", ct);
            await timer.WaitForNextTickAsync(ct);
        }

        host.Write(path, end);
    }
}
