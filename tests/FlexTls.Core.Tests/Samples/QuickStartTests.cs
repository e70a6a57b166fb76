using System.Text.RegularExpressions;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Samples;

/// <summary>What newcomers see first must keep its word, and notice when it does not.</summary>
public sealed partial class QuickStartTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("flextls-test-");

    public QuickStartTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The sample announces what Linux does.");

    [Fact]
    public async Task QuickStart_KeepsWhatItAnnounces()
    {
        var result = await RunAsync();

        Assert.Equal(("", 0), (result.Error, result.ExitCode));
        string[] expected =
        [
            "catalog TLS 1.3 TLS_AES_256_GCM_SHA384 h2 none connected",
            "payments TLS 1.3 TLS_AES_256_GCM_SHA384 http/1.1 CN=gateway connected",
            "crm TLS 1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 h2 none connected",
            "mainframe TLS 1.1 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA http/1.1 none connected",
            "printer - - - - refused: FTLS5025",
            "partner - - - - refused: FTLS5002",
            "broken.yaml(11,17): error FTLS2007: spec.config.minversion is '1.4'; TLS versions are 1.1, 1.2 and 1.3.",
            "broken.yaml(12,5): error FTLS1003: unknown key 'spec.config.maxverson'; did you mean maxversion?",
            "Everything came out as announced.",
        ];
        var lines = Lines(result.Output);
        Assert.All(expected, line => Assert.Contains(line, lines));
        Assert.All(lines, line => Assert.True(line.Length <= 110, line));
    }

    [Fact]
    public async Task QuickStart_LeavesNoKeyBehind()
    {
        var result = await RunAsync();

        Assert.Empty(_temp.EnumerateFileSystemInfos());
        Assert.DoesNotContain("PRIVATE KEY", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("catalog", "refused: FTLS5002")]
    [InlineData("mainframe", "refused: FTLS6170")]
    [InlineData("printer", "TLS 1.3, TLS_AES_256_GCM_SHA384, h2")]
    public async Task QuickStart_WithAnotherServerInAnUpstreamsPlace_SaysWhatDiffers(string upstream, string cameOut)
    {
        var result = await RunAsync("--break", upstream);

        Assert.Equal(1, result.ExitCode);
        var difference = Assert.Single(Unwrapped(result.Output), line => line.Contains("announced \"", StringComparison.Ordinal));
        Assert.StartsWith($"{upstream}: ", difference, StringComparison.Ordinal);
        Assert.EndsWith($"came out \"{cameOut}\"", difference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QuickStart_BrokenWhereThereIsNothing_ExplainsItself()
    {
        var result = await RunAsync("--break", "nobody");

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("usage: ", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _temp.Delete(recursive: true);

    private Task<ProcessResult> RunAsync(params string[] arguments) =>
        SampleProcess.RunAsync("QuickStart", arguments, _temp.FullName, Deadline.Token());

    /// <summary>The lines without what aligns them.</summary>
    private static List<string> Lines(string output) => [.. output.Split('\n').Select(line => Spaces.Replace(line, " ").Trim())];

    /// <summary>The same, with the lines that go on in an indented one put together again.</summary>
    private static List<string> Unwrapped(string output) => Lines(output.Replace("\n      ", " ", StringComparison.Ordinal));

    [GeneratedRegex(" +")]
    private static partial Regex Spaces { get; }
}
