using System.Text.RegularExpressions;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Architecture;

/// <summary>What makes the library readable from top to bottom: a folder uses only folders above it, in short files.</summary>
public partial class FolderRuleTests
{
    private const string Library = "src/FlexTls.Core";
    private const int MostLines = 250;

    private static readonly string[] Folders = ["Diagnostics", "Ciphers", "Certificates", "Policies", "Yaml", "Validation", "Contexts"];

    /// <summary>The folder that each type stands in, by the type's name.</summary>
    private static readonly ILookup<string, string> FoldersOfTypes = Folders
        .SelectMany(folder => RepositoryFiles.Find($"{Library}/{folder}", "*.cs").SelectMany(file => Declaration().Matches(Code(file)))
            .Select(match => (Type: match.Groups[1].Value, Folder: folder)))
        .ToLookup(found => found.Type, found => found.Folder);

    public static TheoryData<string> Names => [.. Folders];

    [Fact]
    public void EveryFolder_HasItsPlaceInTheOrder()
    {
        var found = RepositoryFiles.Find(Library, "*.cs").Select(file => file.Split('/')[2]).Distinct();

        Assert.Equal(Folders.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Page_HasTheFoldersInTheirOrder() =>
        Assert.Equal(Folders, MarkdownTable.Rows("ARCHITECTURE.md", "").Select(row => row[0]).Where(Folders.Contains));

    [Fact]
    public void EverySourceFile_DeclaresAType() =>
        Assert.All(RepositoryFiles.Find(Library, "*.cs"), file => Assert.Matches(Declaration(), Code(file)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Folder_UsesOnlyFoldersAboveIt(string folder)
    {
        var later = Folders[(Array.IndexOf(Folders, folder) + 1)..];
        var violations =
            from file in RepositoryFiles.Find($"{Library}/{folder}", "*.cs")
            from name in Identifier().Matches(Code(file)).Select(match => match.Value).Distinct()
            where FoldersOfTypes[name].Any() && FoldersOfTypes[name].All(later.Contains)
            select $"{file} uses {name} of {FoldersOfTypes[name].First()}";

        Assert.True(!violations.Any(), string.Join('\n', violations));
    }

    [Fact]
    public void SourceFiles_AreShort()
    {
        string[] folders = ["src", "tests", "samples", "benchmarks"];
        var tooLong = folders.SelectMany(folder => RepositoryFiles.Find(folder, "*.cs"))
            .Select(file => (File: file, Lines: RepositoryFiles.Read(file).TrimEnd('\n').Split('\n').Length))
            .Where(file => file.Lines > MostLines);

        Assert.True(!tooLong.Any(), string.Join('\n', tooLong));
    }

    /// <summary>A source without its comments, which may look ahead.</summary>
    private static string Code(string file) => Comment().Replace(RepositoryFiles.Read(file), "");

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();

    // At the beginning of a line: types inside other types are no business of other folders.
    [GeneratedRegex(@"^(?:public|internal) [a-z ]*?(?:class|record struct|record|struct|enum|interface|delegate \S+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Identifier();
}
