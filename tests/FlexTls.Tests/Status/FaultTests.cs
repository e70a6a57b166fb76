using FlexTls.Reloading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FlexTls.Status;

public class FaultTests
{
    [Fact]
    public async Task ANewFileThatCannotBeUsed_HasNoUpstream_AndIsToldAllTheSame()
    {
        await using var host = await RotatingHost.StartAsync(configure: tls => tls.ReloadOnChange = false);
        Assert.False(host.Manager.GetStatus().IsDegraded);

        host.Write("policies/new.yaml", "kind: [");
        await host.Manager.ReloadAsync(TestContext.Current.CancellationToken);

        var status = host.Manager.GetStatus();
        Assert.Equal(UpstreamTlsState.UpToDate, host.Orders.State);
        Assert.True(status.IsDegraded);
        Assert.EndsWith("new.yaml", Assert.Single(status.Faults.Select(fault => fault.FileName).Distinct()), StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Degraded, (await HealthAsync(host)).Status);

        File.Delete(host.PathOf("policies/new.yaml"));
        await host.Manager.ReloadAsync(TestContext.Current.CancellationToken);
        Assert.Empty(host.Manager.GetStatus().Faults);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(host)).Status);
    }

    [Fact]
    public async Task AFileWithoutAnUpstream_IsToldBesideTheFindingsOfOthers()
    {
        await using var host = await RotatingHost.StartAsync(configure: tls => tls.ReloadOnChange = false);
        host.Write("policies/new.yaml", "kind: [");
        host.Write("policies/orders.yaml", "kind: [");

        await host.Manager.ReloadAsync(TestContext.Current.CancellationToken);

        Assert.Equal(UpstreamTlsState.Degraded, host.Orders.State);
        var description = (await HealthAsync(host)).Description!;
        Assert.Contains("upstream 'orders'", description, StringComparison.Ordinal);
        Assert.Contains("new.yaml", description, StringComparison.Ordinal);
    }

    private static Task<HealthCheckResult> HealthAsync(RotatingHost host)
    {
        var check = ActivatorUtilities.CreateInstance<OutboundTlsHealthCheck>(host.Services);
        return check.CheckHealthAsync(new HealthCheckContext { Registration = new HealthCheckRegistration("tls", check, null, null) }, TestContext.Current.CancellationToken);
    }
}
