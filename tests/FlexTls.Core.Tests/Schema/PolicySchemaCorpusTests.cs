using FlexTls.Corpus;
using Xunit;

namespace FlexTls.Schema;

/// <summary>The schema and the reader agree on every file of the corpus, as far as a schema can.</summary>
public class PolicySchemaCorpusTests
{
    public static TheoryData<string> ValidFiles => [.. CorpusCase.Names.Where(name => CorpusCase.Load(name).IsValid)];

    public static TheoryData<string> InvalidFiles => [.. CorpusCase.Names.Where(name => !CorpusCase.Load(name).IsValid)];

    [Theory]
    [MemberData(nameof(ValidFiles))]
    public async Task AValidFile_Passes_UnlessItIsAnException(string name)
    {
        var faults = await PolicySchema.FaultsAsync(CorpusCase.Load(name).Text);

        Assert.True(faults.Count == 0 != ExpressibleFaults.StricterThanTheReader.ContainsKey(name), $"{name}:\n{string.Join('\n', faults)}");
    }

    [Theory]
    [MemberData(nameof(InvalidFiles))]
    public async Task AnInvalidFile_Fails_IfASchemaCanExpressItsFault(string name)
    {
        var corpusCase = CorpusCase.Load(name);
        var isExpressible = ErrorCodes(corpusCase).Any(code => ExpressibleFaults.Codes[code].Expressible);

        var faults = await PolicySchema.FaultsAsync(corpusCase.Text);

        if (isExpressible)
        {
            Assert.True(faults.Count > 0 != ExpressibleFaults.OutOfSight.ContainsKey(name), $"{name}:\n{string.Join('\n', faults)}");
        }
    }

    /// <summary>Otherwise "cannot be expressed" would be an excuse that nothing checks.</summary>
    [Fact]
    public async Task ACodeThatASchemaCannotExpress_HasAFileThatPasses()
    {
        var passed = new HashSet<string>();
        foreach (var corpusCase in CorpusCase.Names.Select(CorpusCase.Load).Where(corpusCase => !corpusCase.IsValid))
        {
            if ((await PolicySchema.FaultsAsync(corpusCase.Text)).Count == 0)
            {
                passed.UnionWith(ErrorCodes(corpusCase));
            }
        }

        Assert.Equal([], ExpressibleFaults.Codes.Where(row => !row.Value.Expressible).Select(row => row.Key).Except(passed));
    }

    [Fact]
    public void TheTables_HoldWhatTheCorpusHolds_AndGiveAReason()
    {
        Assert.Equal(CorpusCase.Names.Select(CorpusCase.Load).SelectMany(ErrorCodes).Distinct().Order(), ExpressibleFaults.Codes.Keys.Order());
        Assert.Equal([], ExpressibleFaults.OutOfSight.Keys.Concat(ExpressibleFaults.StricterThanTheReader.Keys).Except(CorpusCase.Names));
        Assert.All(ExpressibleFaults.Codes.Values, row => Assert.NotEmpty(row.Reason));
    }

    private static IEnumerable<string> ErrorCodes(CorpusCase corpusCase) =>
        corpusCase.Expected.Where(finding => finding.StartsWith("error ", StringComparison.Ordinal)).Select(finding => finding.Split(' ')[1]);
}
