using System.Text.Json;
using FlexTls.Corpus;
using Xunit;

namespace FlexTls.Tool;

/// <summary><c>flextls check</c> finds in each file of the corpus what its first lines say.</summary>
public class CorpusCheckTests
{
    public static TheoryData<string> Names => [.. CorpusCase.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task EveryFile_GivesWhatItExpects(string name)
    {
        var corpusCase = CorpusCase.Load(name);
        await File.WriteAllTextAsync(corpusCase.FileName, corpusCase.Text, TestContext.Current.CancellationToken);

        var run = await ToolRun.OfAsync("check", corpusCase.FileName, "--format", "json");

        using var report = JsonDocument.Parse(run.Out);
        var found = report.RootElement.GetProperty("findings").EnumerateArray().Select(Read).ToList();
        var ofText = found.Where(IsOfText).Select(corpusCase.Describe);
        Assert.Equal(
            corpusCase.Expected.Distinct().Order(StringComparer.Ordinal),
            ofText.Distinct().Order(StringComparer.Ordinal));
        var hasErrors = found.Exists(finding => finding.Severity == TlsPolicyDiagnosticSeverity.Error);
        Assert.Equal(hasErrors ? 1 : 0, run.ExitCode);
        Assert.DoesNotContain(CorpusEnvironment.Marker, run.Out, StringComparison.Ordinal);
    }

    /// <summary>Whether a finding is not one of the context (FTLS4…) or of the command (FTLS8…).</summary>
    private static bool IsOfText(TlsPolicyDiagnostic finding) =>
        finding.Code[4] is not ('4' or '8');

    private static TlsPolicyDiagnostic Read(JsonElement finding) => new(
        finding.GetProperty("code").GetString()!,
        Enum.Parse<TlsPolicyDiagnosticSeverity>(finding.GetProperty("severity").GetString()!, ignoreCase: true),
        finding.GetProperty("message").GetString()!, finding.GetProperty("file").GetString(),
        finding.GetProperty("line").GetInt32(), finding.GetProperty("column").GetInt32());
}
