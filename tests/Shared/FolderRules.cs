using System.Text.RegularExpressions;
using Xunit;

namespace FlexTls.Support;

/// <summary>What makes a library readable from top to bottom: a folder uses only folders above it.</summary>
/// <param name="library">The library's folder.</param>
/// <param name="folders">Its folders, from top to bottom.</param>
public abstract partial class FolderRules(string library, string[] folders)
{
    [Fact]
    public void EveryFolder_HasItsPlaceInTheOrder()
    {
        var found = RepositoryFiles.Find(library, "*.cs").Select(file => file.Split('/')[2]).Distinct();

        Assert.Equal(folders.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EverySourceFile_DeclaresAType() =>
        Assert.All(RepositoryFiles.Find(library, "*.cs"), file => Assert.Matches(Declaration(), Code(file)));

    [Fact]
    public void EveryFolder_UsesOnlyFoldersAboveIt()
    {
        var foldersOfTypes = folders
            .SelectMany(folder => Sources(folder).SelectMany(file => Declaration().Matches(Code(file))).Select(match => (Type: match.Groups[1].Value, Folder: folder)))
            .ToLookup(found => found.Type, found => found.Folder);
        var violations =
            from folder in folders
            let later = folders[(Array.IndexOf(folders, folder) + 1)..]
            from file in Sources(folder)
            from name in Identifier().Matches(Code(file)).Select(match => match.Value).Distinct()
            where foldersOfTypes[name].Any() && foldersOfTypes[name].All(later.Contains)
            select $"{file} uses {name} of {foldersOfTypes[name].First()}";

        Assert.True(!violations.Any(), string.Join('\n', violations));
    }

    private IEnumerable<string> Sources(string folder) => RepositoryFiles.Find($"{library}/{folder}", "*.cs");

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
