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
    public static TheoryData<string> Pages => [.. RepositoryFiles.Find("docs", "*.md").Concat(RepositoryFiles.Find("src", "*.md")).Append("README.md")];

    /// <summary>The pages whose policies have tests of their own: they need files, or a provider of secrets.</summary>
    private static readonly string[] TestedElsewhere = ["README.md", "docs/tool.md", "docs/sources.md"];

    private static readonly Lazy<HashSet<string>> Compiled = new(() =>
        [.. RepositoryFiles.Find("tests", "*.cs").Concat(RepositoryFiles.Find("samples", "*.cs")).SelectMany(RegionsOf)]);

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryProgram_IsCompiledByATest(string page) =>
        Assert.All(DocumentationPage.Fences(page, "csharp"), code => Assert.Contains(code, Compiled.Value));

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
            folder.Write("policy.yaml", Variable().Replace(File().Replace(text, match => Provide(folder, match.Groups[1].Value)), match => Value(folder, match.Value)));

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

    private static string Value(GuideFolder folder, string variable) => variable.EndsWith("_PIN", StringComparison.Ordinal)
        ? Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(variable)))
        : Provide(folder, variable.EndsWith("_KEY", StringComparison.Ordinal) ? "variable.key" : "variable.crt");

    /// <summary>What stands between marks, alone, and as one snippet with all of its file.</summary>
    private static IEnumerable<string> RegionsOf(string file)
    {
        var regions = Region().Matches(RepositoryFiles.Read(file))
            .Select(match => Outdented(match.Groups[3].Value, match.Groups[1].Length)).ToList();
        return regions.Count == 0 ? [] : [.. regions, string.Join("\n\n", regions)];
    }

    private static string Outdented(string text, int indent) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length > indent ? line[indent..] : ""));

    [GeneratedRegex(@"^( *)// <(recipe|readme)>\n(.*?)\n *// </\2>$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex(@"file:([\w./-]+)")]
    private static partial Regex File();

    [GeneratedRegex(@"\$[A-Z_]+")]
    private static partial Regex Variable();
}
