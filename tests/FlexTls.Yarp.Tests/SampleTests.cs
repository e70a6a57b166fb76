using FlexTls.Support;
using Xunit;

namespace FlexTls.Proxies;

/// <summary>The sample Gateway renews its certificates under load, and no request fails.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("flextls-test-");

    [Fact]
    public async Task Gateway_ShowsEveryCertificate_LosesNoRequest_AndLeavesNothingBehind()
    {
        var result = await SampleProcess.RunAsync("Gateway", ["3"], _temp.FullName, Deadline.Token());

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Equal("", result.Error);
        Assert.Matches(@"\norders   saw +[1-9][0-9,]+ requests under 4 of 4 client certificates, ", result.Output);
        Assert.Matches(@"\n[1-9][0-9,]+ requests, 0 errors\. Health: Healthy\.\nNothing was restarted", result.Output);
        Assert.Empty(_temp.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task Gateway_WithArgumentsThatMakeNoSense_ExplainsItself()
    {
        var result = await SampleProcess.RunAsync("Gateway", ["twenty"], _temp.FullName, Deadline.Token());

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("usage: ", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _temp.Delete(recursive: true);
}
