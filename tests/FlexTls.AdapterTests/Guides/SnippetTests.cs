using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Adapters.Guides;

/// <summary>No page shows code that nothing compiles, or a policy that cannot be loaded.</summary>
public sealed partial class SnippetTests
{
    public static TheoryData<string> Pages =>
    [
        .. RepositoryFiles.Find("docs", "*.md"), .. RepositoryFiles.Find("src", "*.md"), "README.md",
    ];

    /// <summary>The pages whose policies have tests of their own: they need files, or a provider of secrets.</summary>
    private static readonly string[] TestedElsewhere = ["README.md", "docs/tool.md", "docs/sources.md"];

    /// <summary>What stands between marks, by file.</summary>
    private static readonly Lazy<IReadOnlyDictionary<string, IReadOnlyList<string>>> Compiled = new(() =>
        RepositoryFiles.Find("tests", "*.cs").ToDictionary(file => file, RegionsOf, StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryProgram_IsCompiledByATest(string page)
    {
        var programs = Compiled.Value.Values.SelectMany(regions => regions.Append(Whole(regions))).ToHashSet();

        Assert.All(DocumentationPage.Fences(page, "csharp"), code => Assert.Contains(code, programs));
    }

    [Fact]
    public void EveryMarkedProgram_IsOnAPage()
    {
        var shown = Pages.SelectMany(page => DocumentationPage.Fences(page.Data, "csharp")).ToHashSet();

        Assert.All(Compiled.Value.Values, regions =>
            Assert.True(shown.Contains(Whole(regions)) || regions.All(shown.Contains), string.Join('\n', regions)));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryPolicy_CanBeLoaded(string page)
    {
        if (TestedElsewhere.Contains(page))
        {
            return;
        }

        using var folder = new GuideFolder();
        foreach (var policy in DocumentationPage.Fences(page, "yaml"))
        {
            var text = policy.Split(':')[0] switch
            {
                "config" => Provided.Binding("orders", policy["config:".Length..].Indented(2)),
                "extensions" => Provided.Binding("orders", "\n" + policy.Indented(4)),
                _ => policy,
            } + "\n";
            text = File().Replace(text, match => Provide(folder, match.Groups[1].Value));
            folder.Write("policy.yaml", Variable().Replace(text, match => Value(folder, match.Value)));

            Assert.NotEmpty(TlsPolicyFile.Load(Path.Combine(folder.Path, "policy.yaml")).Bindings);
        }
    }

    // A file of the kind that its name suggests, whatever folder the page has it in.
    private static string Provide(GuideFolder folder, string path)
    {
        var name = Path.GetFileName(path);
        var kind = name.EndsWith(".key", StringComparison.Ordinal) ? ".key"
            : name.Contains("ca", StringComparison.Ordinal) || name.StartsWith("trust", StringComparison.Ordinal) ? "ca"
            : ".crt";
        return "file:" + Path.Combine(folder.Path, kind == "ca" ? "certs/company-ca.crt" : "certs/shop" + kind);
    }

    private static string Value(GuideFolder folder, string variable) =>
        variable.EndsWith("_PIN", StringComparison.Ordinal)
            ? Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(variable)))
            : Provide(folder, variable.EndsWith("_KEY", StringComparison.Ordinal) ? "variable.key" : "variable.crt");

    private static IReadOnlyList<string> RegionsOf(string file) =>
    [
        .. Region().Matches(RepositoryFiles.Read(file))
            .Select(match => Outdented(match.Groups[2].Value, match.Groups[1].Length)),
    ];

    /// <summary>All of a file's regions as one program.</summary>
    private static string Whole(IEnumerable<string> regions) => string.Join("\n\n", regions);

    private static string Outdented(string text, int indent) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length > indent ? line[indent..] : ""));

    [GeneratedRegex(@"^( *)// <snippet>\n(.*?)\n *// </snippet>$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex(@"file:([\w./-]+)")]
    private static partial Regex File();

    [GeneratedRegex(@"\$[A-Z_]+")]
    private static partial Regex Variable();
}
