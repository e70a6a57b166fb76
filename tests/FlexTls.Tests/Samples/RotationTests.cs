using System.Text.RegularExpressions;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Samples;

/// <summary>The sample Rotation replaces certificates under load, and no request fails.</summary>
public sealed partial class RotationTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("flextls-test-");

    [Fact]
    public async Task Rotation_ShowsEveryCertificate_LosesNoRequest_AndLeavesNothingBehind()
    {
        var result = await SampleProcess.RunAsync("Rotation", ["6"], _temp.FullName, Deadline.Token());

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Equal("", result.Error);
        string[] expected =
        [
            "seen by the upstream: CN=client 2",
            "half of a new certificate Degraded, FTLS3004",
            "the other half seen by the upstream: CN=client 3",
            "Nothing was restarted, and nobody noticed.",
        ];
        Assert.All(expected, text => Assert.Contains(text, WhiteSpace.Replace(result.Output, " "), StringComparison.Ordinal));
        Assert.Matches(@"\n[1-9][0-9,]+ requests, 0 failed\. New certificates: ([2-9]), seen by the upstream: \1\.\n", result.Output);
        Assert.Matches(@"\n +\d+ +[1-9][0-9,]+ +0 +2 +\d+ +\d+ +Degraded, FTLS3004: ", result.Output);
        Assert.All(result.Output.Split('\n'), line => Assert.True(line.Length <= 110, line));
        Assert.Empty(_temp.EnumerateFileSystemInfos());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("twenty")]
    [InlineData("6", "6")]
    public async Task Rotation_WithArgumentsThatMakeNoSense_ExplainsItself(params string[] arguments)
    {
        var result = await SampleProcess.RunAsync("Rotation", arguments, _temp.FullName, Deadline.Token());

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("usage: ", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _temp.Delete(recursive: true);

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace { get; }
}
