using System.Text.RegularExpressions;
using Xunit;

namespace FlexTls.Support;

/// <summary>The C# snippets of a page under docs/recipes.</summary>
internal static partial class RecipePage
{
    /// <summary>Checks that the snippets are what stands between the marks of a file that is compiled, in their order.</summary>
    public static void AssertIsCompiled(string page, string file) => Assert.Equal(
        Recipe().Matches(RepositoryFiles.Read(file)).Select(match => Outdented(match.Groups[2].Value, match.Groups[1].Length)),
        Fence().Matches(RepositoryFiles.Read(page)).Select(match => match.Groups[1].Value));

    private static string Outdented(string text, int indent) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length > indent ? line[indent..] : ""));

    [GeneratedRegex(@"^( *)// <recipe>\n(.*?)\n *// </recipe>$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Recipe();

    [GeneratedRegex(@"^```csharp\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
