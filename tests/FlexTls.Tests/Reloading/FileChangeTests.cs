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
}
