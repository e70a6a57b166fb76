using System.Text.RegularExpressions;

namespace FlexTls.Support;

/// <summary>The fenced blocks of any page.</summary>
internal static partial class DocumentationPage
{
    /// <summary>The blocks of one language, in the order of the page.</summary>
    public static IReadOnlyList<string> Fences(string page, string language) =>
        [.. Fence().Matches(RepositoryFiles.Read(page)).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value)];

    [GeneratedRegex(@"^```(\w+)\n(.*?)\n?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
