using System.Reflection;
using Xunit;

namespace FlexTls.Corpus;

/// <summary>The corpus leaves nothing out: every rule has an example, and every code that a policy text can cause a file that causes it.</summary>
public class CorpusCoverageTests
{
    // Codes below 4000 that no single text of modest size causes, and the test that causes them instead.
    private static readonly Dictionary<string, string> CausedElsewhere = new()
    {
        [DiagnosticCodes.TooLong] = "HostileTextTests",
        [DiagnosticCodes.TooDeep] = "HostileTextTests",
        [DiagnosticCodes.TooManyDocuments] = "HostileTextTests",
        [DiagnosticCodes.TooManyAliasNodes] = "HostileTextTests",
        [DiagnosticCodes.NoSuchFile] = "TlsPolicyFileTests",
        [DiagnosticCodes.NoBinding] = "TlsPolicyFileTests",
        [DiagnosticCodes.UnreadableFile] = "TlsPolicyFileTests",
        [DiagnosticCodes.NotUtf8] = "TlsPolicyFileTests",
        [DiagnosticCodes.NoLineBreakAtEnd] = "TlsPolicyFileTests",
        [DiagnosticCodes.TooManyErrors] = "HostileTextTests",
        [DiagnosticCodes.NoPrivateKey] = "ClientIdentityTests: only code can hand over a certificate without its key",
    };

    [Fact]
    public void EveryRow_IsNamedByAFile_AndEveryFileNamesRowsThatExist()
    {
        var named = CorpusCase.Names.SelectMany(name => CorpusCase.Load(name).Rows).ToHashSet();

        Assert.Empty(SpecificationRows.All.Except(named));
        Assert.Empty(named.Except(SpecificationRows.All));
    }

    [Fact]
    public void EveryCodeOfAPolicyText_IsCausedByAFile()
    {
        var codes = typeof(DiagnosticCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!)
            .Where(code => string.CompareOrdinal(code, "FTLS4000") < 0);
        var caused = CorpusCase.Names.SelectMany(name => CorpusCase.Load(name).Expected).Select(finding => finding.Split(' ')[1]).ToHashSet();

        Assert.Equal(CausedElsewhere.Keys.Order(), codes.Except(caused).Order());
    }

    [Fact]
    public void ThreeFiles_HaveEightFaultsOrMore() =>
        Assert.True(CorpusCase.Names.Count(name => CorpusCase.Load(name).Expected.Count(finding => finding.StartsWith("error", StringComparison.Ordinal)) >= 8) >= 3);
}
