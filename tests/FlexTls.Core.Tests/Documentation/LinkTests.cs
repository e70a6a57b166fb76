using System.Text.RegularExpressions;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Documentation;

/// <summary>Links between the pages lead somewhere, and so do their anchors.</summary>
public partial class LinkTests
{
    public static TheoryData<string> Pages => [.. RepositoryFiles.Find(".", "*.md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_LinksToWhatIsThere(string page)
    {
        var folder = Path.GetDirectoryName(page)!;
        var links = Link().Matches(FenceOrSpan().Replace(RepositoryFiles.Read(page), ""))
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains(':', StringComparison.Ordinal));

        Assert.All(links, link =>
        {
            var (path, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
            var target = path.Length == 0 ? page : Path.GetRelativePath(".", Path.Combine(folder, path));
            Assert.True(Path.Exists(Path.Combine(RepositoryFiles.Root, target)), $"{page} links to {link}");
            Assert.True(anchor is null || Anchors(target).Contains(anchor), $"{page} links to {link}: no such heading");
        });
    }

    // As code hosts make them of headings: lower case, without punctuation, numbered where a heading comes again.
    private static HashSet<string> Anchors(string page)
    {
        var anchors = new HashSet<string>();
        foreach (Match heading in Heading().Matches(Fence().Replace(RepositoryFiles.Read(page), "")))
        {
            var text = LinkedText().Replace(heading.Groups[1].Value, "$1").Trim().ToLowerInvariant();
            var anchor = Punctuation().Replace(text, "").Replace(' ', '-');
            for (var number = 0; !anchors.Add(number == 0 ? anchor : $"{anchor}-{number}"); number++)
            {
            }
        }

        return anchors;
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^```.*?^```$|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FenceOrSpan();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkedText();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M}_ -]")]
    private static partial Regex Punctuation();
}
