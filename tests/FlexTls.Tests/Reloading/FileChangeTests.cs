using System.Diagnostics;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>Files change in all the ways in which people and tools change them.</summary>
public class FileChangeTests
{
    [Fact]
    public async Task FilesThatAreWrittenInPlace_AreInForceForTheNextRequest()
    {
        await using var host = await RotatingHost.StartAsync();
        Assert.Equal("CN=first", await host.WhoAsync());
        host.WriteIdentity("second");
        await host.UntilGenerationAsync(2);
        Assert.Equal("CN=second", await host.WhoAsync());
    }

    [Fact]
    public async Task FilesThatAreRenamedOverOthers_AreInForceForTheNextRequest()
    {
        await using var host = await RotatingHost.StartAsync();
        var second = RotatingHost.Identity("second");
        host.Write("orders.crt.tmp", second.ExportCertificatePem());
        host.Write("orders.key.tmp", second.KeyPem());
        File.Move(host.PathOf("orders.key.tmp"), host.PathOf("orders.key"), overwrite: true);
        File.Move(host.PathOf("orders.crt.tmp"), host.PathOf("orders.crt"), overwrite: true);
        await host.UntilGenerationAsync(2);
        Assert.Equal("CN=second", await host.WhoAsync());
    }

    [Fact]
    public async Task AMountedSecret_WhoseDataLinkIsReplaced_IsInForceForTheNextRequest()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows makes links only for those who may.");
        }

        await using var host = await RotatingHost.StartAsync(host => Mount(host), pattern: "mount/*.yaml");
        Assert.Equal("CN=first", await host.WhoAsync());

        host.WriteIdentityOf("mount/..v2/tls", "second");
        File.Copy(host.PathOf("mount/..v1/orders.yaml"), host.PathOf("mount/..v2/orders.yaml"));
        File.CreateSymbolicLink(host.PathOf("mount/..data_tmp"), "..v2");
        using (var move = Process.Start("mv", ["-T", host.PathOf("mount/..data_tmp"), host.PathOf("mount/..data")]))
        {
            await move.WaitForExitAsync(Deadline.Token());
        }

        Directory.Delete(host.PathOf("mount/..v1"), recursive: true);

        await host.UntilGenerationAsync(2);
        Assert.Equal("CN=second", await host.WhoAsync());
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task AFileThatIsRemoved_LeavesInForceWhatWas_UntilItIsBack()
    {
        await using var host = await RotatingHost.StartAsync();
        host.Delete("orders.crt");
        await host.UntilDegradedAsync(DiagnosticCodes.UnreadableReference, "orders");
        Assert.Equal("CN=first", await host.NewWhoAsync());

        host.WriteIdentity("second");
        await host.UntilGenerationAsync(2);
        Assert.Equal("CN=second", await host.WhoAsync());
        Assert.Single(host.Errors);
    }

    [Fact]
    public async Task APolicyFileThatIsRemoved_LeavesInForceWhatWas_UntilItIsBack()
    {
        await using var host = await RotatingHost.StartAsync(pattern: "policies/orders.yaml");
        var policy = File.ReadAllText(host.PathOf("policies/orders.yaml"));
        host.Delete("policies/orders.yaml");
        await host.UntilDegradedAsync(DiagnosticCodes.PolicyGone, "orders");
        host.WriteIdentity("second");
        Assert.Equal("CN=first", await host.NewWhoAsync());

        host.Write("policies/orders.yaml", policy);
        await host.UntilGenerationAsync(2);
        Assert.Equal("CN=second", await host.WhoAsync());
        var error = Assert.Single(host.Errors);
        Assert.Contains(DiagnosticCodes.NoSuchFile, error, StringComparison.Ordinal);
        Assert.Contains(DiagnosticCodes.PolicyGone, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACertificateThatComesLongAfterItsKey_CostsAMomentOfDegradation_AndNothingElse()
    {
        await using var host = await RotatingHost.StartAsync();
        var second = RotatingHost.Identity("second");
        host.Write("orders.key", second.KeyPem());
        await host.UntilDegradedAsync(DiagnosticCodes.KeyMismatch, "orders");
        Assert.Equal("CN=first", await host.NewWhoAsync());

        host.Write("orders.crt", second.ExportCertificatePem());
        await host.UntilGenerationAsync(2);
        Assert.Equal("CN=second", await host.WhoAsync());
    }

    private static void Mount(RotatingHost host)
    {
        host.WriteIdentityOf("mount/..v1/tls", "first");
        host.Write("mount/..v1/orders.yaml", PolicyYaml.Binding("orders", RotatingHost.ConfigOf("tls")));
        File.CreateSymbolicLink(host.PathOf("mount/..data"), "..v1");
        foreach (var name in new[] { "tls.crt", "tls.key", "orders.yaml" })
        {
            File.CreateSymbolicLink(host.PathOf($"mount/{name}"), $"..data/{name}");
        }
    }
}
