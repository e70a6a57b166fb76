using FlexTls.Support;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>A file that gets another name while another one has its upstream too.</summary>
public class RenamedFileTests
{
    [Fact]
    public async Task ARenamedFile_KeepsItsUpstream_AgainstAConflictingPolicy()
    {
        await using var host = await RotatingHost.StartAsync(rotating =>
        {
            rotating.WriteIdentityOf("two", "two");
            rotating.WritePolicy("two");
        });
        host.Write("policies/two.yaml", RotatingHost.BindingOf("orders", "minversion: 1.3\n"));
        await host.UntilDegradedAsync(DiagnosticCodes.DuplicateBinding, "orders");

        // Its new name is found when it is gone under the old one, and is read later.
        File.Move(host.PathOf("policies/orders.yaml"), host.PathOf("policies/renamed.yaml"));
        await host.UntilAsync(() => host.Errors.Any(error => error.Contains("renamed.yaml", StringComparison.Ordinal)));
        AssertUnchanged(host);

        // It is still this file's, also when it is renamed once more, and when it cannot be read.
        File.Move(host.PathOf("policies/renamed.yaml"), host.PathOf("policies/again.yaml"));
        await host.UntilAsync(() => host.Errors.Any(error => error.Contains("again.yaml", StringComparison.Ordinal)));
        AssertUnchanged(host);
        host.Write("policies/again.yaml", "a: [");
        await host.UntilDegradedAsync(DiagnosticCodes.YamlSyntax, "orders");
        AssertUnchanged(host);
    }

    [Fact]
    public async Task AFileThatCannotBeReadUnderItsNewName_KeepsItsUpstream_AgainstAConflictingPolicy()
    {
        await using var host = await RotatingHost.StartAsync(rotating =>
        {
            rotating.WriteIdentityOf("two", "two");
            rotating.WritePolicy("two");
        });

        File.Move(host.PathOf("policies/orders.yaml"), host.PathOf("policies/renamed.yaml"));
        host.Write("policies/renamed.yaml", "a: [");
        host.Write("policies/two.yaml", RotatingHost.BindingOf("orders", "minversion: 1.3\n"));
        await host.UntilDegradedAsync(DiagnosticCodes.YamlSyntax, "orders");

        AssertUnchanged(host);
    }

    [Fact]
    public async Task APolicyThatMovesToAFileThatExists_StaysInForce_AgainstAConflictingOne()
    {
        await using var host = await RotatingHost.StartAsync(rotating =>
        {
            foreach (var name in (string[])["two", "three"])
            {
                rotating.WriteIdentityOf(name, name);
                rotating.WritePolicy(name);
            }
        });

        host.Write("policies/orders.yaml", RotatingHost.BindingOf("two"));
        host.Write("policies/two.yaml", RotatingHost.BindingOf("orders", "minversion: 1.3\n"));
        host.Write("policies/three.yaml", RotatingHost.BindingOf("orders"));
        await host.UntilDegradedAsync(DiagnosticCodes.DuplicateBinding, "orders");

        AssertUnchanged(host);
    }

    [Fact]
    public async Task ARenamedFile_IsNotReportedAsGone()
    {
        await using var host = await RotatingHost.StartAsync();

        File.Move(host.PathOf("policies/orders.yaml"), host.PathOf("policies/renamed.yaml"));
        await Deadline.UntilAsync(() => host.Orders.Source.Contains("renamed.yaml", StringComparison.Ordinal));

        Assert.Equal((1, UpstreamTlsState.UpToDate), (host.Orders.Generation, host.Orders.State));
        Assert.Empty(host.Errors);
    }

    private static void AssertUnchanged(RotatingHost host)
    {
        Assert.Equal((1, UpstreamTlsState.Degraded), (host.Orders.Generation, host.Orders.State));
        Assert.Equal(TlsVersion.Tls12, host.Contexts.GetContext("orders").Effective.MinVersion);
    }
}
