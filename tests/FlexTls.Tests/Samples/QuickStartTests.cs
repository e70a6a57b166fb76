using System.Text.RegularExpressions;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Samples;

/// <summary>What newcomers see first must keep its word, and notice when it does not.</summary>
public sealed partial class QuickStartTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("flextls-test-");

    [Fact]
    public async Task QuickStart_KeepsWhatItAnnounces_AndLeavesNoKeyBehind()
    {
        var result = await RunAsync();

        Assert.Equal(("", 0), (result.Error, result.ExitCode));
        string[] expected =
        [
            "catalog TLS 1.3 TLS_AES_256_GCM_SHA384 h2 2 none connected",
            "payments TLS 1.3 TLS_AES_256_GCM_SHA384 http/1.1 1.1 CN=gateway connected",
            "crm TLS 1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 h2 2 none connected",
            "mainframe TLS 1.1 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA http/1.1 1.1 none connected",
            "printer - - - - - refused: FTLS5025",
            "partner - - - - - refused: FTLS5002",
            "printer FTLS5025 the certificate names localhost only in its common name, which is never used; reissue it with dNSName localhost.",
            "partner FTLS5002 the server's chain leads to 'CN=Foreign Root', which is not among the trusted CAs of policy 'partner' (CN=Our CA)",
            "warning FTLS4003: upstream 'mainframe': TLS 1.1 is offered",
            "A connection to upstream 'partner' failed. FTLS5002: TLS to upstream 'partner' (localhost): the server's certificate is refused",
            "broken.yaml(11,17): error FTLS2007: spec.config.minversion is '1.4'; TLS versions are 1.1, 1.2 and 1.3.",
            "broken.yaml(12,5): error FTLS1003: unknown key 'spec.config.maxverson'; did you mean maxversion?",
            "Everything came out as announced.",
        ];
        Assert.All(expected, text => Assert.Contains(text, Flat(result.Output), StringComparison.Ordinal));
        Assert.All(result.Output.Split('\n'), line => Assert.True(line.Length <= 110, line));
        Assert.Empty(_temp.EnumerateFileSystemInfos());
        Assert.DoesNotContain("PRIVATE KEY", result.Output, StringComparison.Ordinal);
    }

    [Theory(Explicit = true)]
    [InlineData("catalog", "refused: FTLS5002")]
    [InlineData("mainframe", "refused: FTLS6170")]
    [InlineData("printer", "TLS 1.3, TLS_AES_256_GCM_SHA384, h2, HTTP/2")]
    public async Task QuickStart_WithAnotherServerInAnUpstreamsPlace_SaysWhatDiffers(string upstream, string cameOut)
    {
        var result = await RunAsync("--break", upstream);

        Assert.Equal(1, result.ExitCode);
        Assert.Matches($"NOT everything came out as announced: {upstream}: announced \"[^\"]+\", came out \"{cameOut}\" $", Flat(result.Output));
    }

    [Fact]
    public async Task QuickStart_BrokenWhereThereIsNothing_ExplainsItself()
    {
        var result = await RunAsync("--break", "nobody");

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("usage: ", result.Error, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public async Task WhereHttp2IsSwitchedOff_ClientsSpeakHttp11()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The sample announces what Linux does.");

        var result = await SampleProcess.RunAsync(
            "QuickStart", [], _temp.FullName, Deadline.Token(),
            ("DOTNET_SYSTEM_NET_HTTP_SOCKETSHTTPHANDLER_HTTP2SUPPORT", "false"));

        Assert.Contains(
            "catalog TLS 1.3 TLS_AES_256_GCM_SHA384 http/1.1 1.1 none connected", Flat(result.Output),
            StringComparison.Ordinal);
    }

    public void Dispose() => _temp.Delete(recursive: true);

    private Task<ProcessResult> RunAsync(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The sample announces what Linux does.");
        return SampleProcess.RunAsync("QuickStart", arguments, _temp.FullName, Deadline.Token());
    }

    /// <summary>The output without what aligns and wraps it.</summary>
    private static string Flat(string output) => WhiteSpace.Replace(output, " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace { get; }
}
