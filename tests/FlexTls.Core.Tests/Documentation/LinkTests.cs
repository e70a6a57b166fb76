using System.Text.RegularExpressions;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Documentation;

/// <summary>Links between the pages lead somewhere.</summary>
public partial class LinkTests
{
    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(RepositoryFiles.Root, "*.md").Select(file => Path.GetFileName(file)), .. RepositoryFiles.Find("docs", "*.md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_LinksToWhatIsThere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(RepositoryFiles.Root, page))!;
        var targets = Link().Matches(RepositoryFiles.Read(page)).Select(match => match.Groups[1].Value).Where(target => !target.Contains(':', StringComparison.Ordinal));

        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(folder, target)), $"{page} links to {target}"));
    }

    [GeneratedRegex(@"\]\(([^)#]+)[^)]*\)")]
    private static partial Regex Link();
}
