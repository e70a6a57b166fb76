using FlexTls.Support;
using Xunit;

namespace FlexTls.Architecture;

/// <summary>
/// FlexTls.Core reads from top to bottom, in short files. The test is here because the compiler need only start once.
/// </summary>
public class CoreFolderRuleTests() : FolderRules("src/FlexTls.Core", Folders)
{
    private const int MostColumns = 120;
    private const int MostLines = 250;

    private static readonly string[] Folders =
    [
        "Diagnostics", "Ciphers", "Certificates", "Secrets", "Policies", "Resources", "Validation", "Telemetry",
        "Handshakes",
    ];

    [Fact]
    public void Page_HasTheFoldersInTheirOrder() =>
        Assert.Equal(Folders, MarkdownTable.Rows("ARCHITECTURE.md", "").Select(row => row[0]).Where(Folders.Contains));

    [Fact]
    public void SourceFiles_AreShort()
    {
        string[] folders = ["src", "tests", "samples", "benchmarks"];
        var tooLong = folders.SelectMany(folder => RepositoryFiles.Find(folder, "*.cs"))
            .Select(file => (File: file, Lines: RepositoryFiles.Read(file).TrimEnd('\n').Split('\n').Length))
            .Where(file => file.Lines > MostLines);

        Assert.True(!tooLong.Any(), string.Join('\n', tooLong));
    }

    [Fact]
    public void LinesOfTheLibraries_HaveAtMost120Characters()
    {
        var tooLong = RepositoryFiles.Find("src", "*.cs")
            .SelectMany(file => RepositoryFiles.Read(file).Split('\n')
                .Select((line, i) => (file, Line: i + 1, line.Length)))
            .Where(line => line.Length > MostColumns);

        Assert.True(!tooLong.Any(), string.Join('\n', tooLong));
    }

    [Fact]
    public void LinesOfTheDocumentation_HaveAtMost120Characters_OutsideCodeAndTables()
    {
        var pages = RepositoryFiles.Find(".", "*.md");
        var tooLong = pages.SelectMany(page => RepositoryFiles.Read(page).Split("```").Where((_, i) => i % 2 == 0)
                .SelectMany(prose => prose.Split('\n')).Select(line => (page, line)))
            .Where(found => found.line.Length > MostColumns && !found.line.StartsWith('|'));

        Assert.NotEmpty(pages);
        Assert.True(!tooLong.Any(), string.Join('\n', tooLong));
    }
}
