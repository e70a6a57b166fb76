using CsCheck;
using Xunit;

namespace FlexTls.Corpus;

/// <summary>Whatever becomes of a policy text, reading it ends with a policy set or with diagnostics, and never otherwise.</summary>
public class MutationTests
{
    private const string Seed = "0000FlexTls1";

    // What YAML, templates and PEM give a meaning to, and what editors and copying leave behind.
    private static readonly string[] Fragments =
    [
        ":", "- ", "? ", "|", ">", "&a ", "*a", "<<: ", "!!str ", "%YAML 1.1\n", "---\n", "...\n", "[", "]", "{", "}", "'", "\"", "#", "$HOME", "file:",
        "\n", "\t", "\r", " ", "\0", "\u200b", "\uFEFF", "\u2028", "\uD800", "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "~", "null", "true",
    ];

    private static readonly string[] Texts = [.. CorpusCase.Names.Select(name => CorpusCase.Load(name).Text)];

    private static readonly Gen<string> Mutated =
        from text in Gen.OneOf(Texts)
        from mutations in Mutation.Array[1, 6]
        select mutations.Aggregate(text, (mutated, mutate) => mutate(mutated));

    private static Gen<Func<string, string>> Mutation => Gen.OneOf(
        from at in Gen.Double.Unit
        from length in Gen.Int[1, 60]
        select Edit((text, i) => text.Remove(i, Math.Min(length, text.Length - i)), at),
        from at in Gen.Double.Unit
        from fragment in Gen.OneOf(Fragments)
        select Edit((text, i) => text.Insert(i, fragment), at),
        from at in Gen.Double.Unit
        from c in Gen.Char
        select Edit((text, i) => text.Remove(i, Math.Min(1, text.Length - i)).Insert(i, c.ToString()), at),
        from at in Gen.Double.Unit
        from other in Gen.OneOf(Texts)
        select Edit((text, i) => text[..i] + other[(other.Length / 2)..], at),
        from at in Gen.Double.Unit
        from length in Gen.Int[1, 200]
        select Edit((text, i) => text.Insert(i, text.Substring(i, Math.Min(length, text.Length - i))), at),
        from at in Gen.Double.Unit
        select Edit((text, i) => text[..i], at));

    [Fact]
    public void AMutatedCorpusFile_GivesNothingButAVerdict() => JudgeAll(Mutated, 2_000);

    [Fact(Explicit = true)]
    public void AMutatedCorpusFile_GivesNothingButAVerdict_Soak() => JudgeAll(Mutated, 40_000);

    [Fact]
    public void RandomText_GivesNothingButAVerdict() => JudgeAll(Gen.String, 2_000);

    [Fact(Explicit = true)]
    public void RandomText_GivesNothingButAVerdict_Soak() => JudgeAll(Gen.String, 40_000);

    /// <summary>One sample of many cases: the seed of a sample fixes its first value only.</summary>
    private static void JudgeAll(Gen<string> texts, int cases)
    {
        foreach (var text in texts.Array[cases].Single(_ => true, Seed))
        {
            try
            {
                Judge(text);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"with the text\n{text}", e);
            }
        }
    }

    private static void Judge(string text)
    {
        var isValid = TlsPolicyFile.TryParse(text, Path.Combine(CorpusEnvironment.Folder, "mutated.yaml"), out var set);

        Assert.Equal(!isValid, set.Diagnostics.Any(d => d.Severity == TlsPolicyDiagnosticSeverity.Error));
        Assert.True(isValid || set.Bindings.Count == 0);
        Assert.All(set.Diagnostics, diagnostic =>
        {
            Assert.DoesNotContain('\n', diagnostic.Message);
            Assert.DoesNotContain(CorpusEnvironment.Marker, diagnostic.Message, StringComparison.Ordinal);
            Assert.InRange(diagnostic.Line, 0, text.Length + 1);
            Assert.InRange(diagnostic.Column, 0, text.Length + 1);
        });
    }

    private static Func<string, string> Edit(Func<string, int, string> edit, double at) => text => edit(text, (int)(at * text.Length));
}
