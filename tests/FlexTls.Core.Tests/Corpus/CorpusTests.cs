using Xunit;

namespace FlexTls.Corpus;

/// <summary>The corpus is the specification in examples: every file gives exactly what its first lines say, in that order.</summary>
public class CorpusTests
{
    public static TheoryData<string> Names => [.. CorpusCase.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryFile_GivesExactlyWhatItExpects(string name)
    {
        var corpusCase = CorpusCase.Load(name);

        var isValid = TlsPolicyFile.TryParse(corpusCase.Text, corpusCase.FileName, out var set);

        Assert.True(
            corpusCase.Expected.SequenceEqual(set.Diagnostics.Select(corpusCase.Describe)),
            $"{name} expects:\n{string.Join('\n', corpusCase.Expected)}\nand gets:\n{string.Join('\n', set.Diagnostics.Select(d => $"{corpusCase.Describe(d)}   {d}"))}");
        Assert.Equal(corpusCase.IsValid, isValid);
        Assert.Equal(isValid ? corpusCase.Bindings ?? set.Bindings.Count : 0, set.Bindings.Count);
        Assert.All(set.Diagnostics, diagnostic => Assert.DoesNotContain(CorpusEnvironment.Marker, diagnostic.ToString(), StringComparison.Ordinal));
        Assert.All(set.Diagnostics, diagnostic => Assert.Equal(corpusCase.FileName, diagnostic.FileName));
    }
}
