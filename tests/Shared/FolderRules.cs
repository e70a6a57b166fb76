using Xunit;

namespace FlexTls.Support;

/// <summary>
/// What makes a library readable from top to bottom: a folder uses only folders above it, no two files use each other,
/// and a file holds the type that it is named after. What takes the compiler to find out is marked Explicit: the
/// compiler comes without native code, so the first look takes ten seconds.
/// </summary>
/// <param name="library">The library's folder.</param>
/// <param name="folders">Its folders, from top to bottom.</param>
public abstract class FolderRules(string library, string[] folders)
{
    private readonly LibrarySources _sources = LibrarySources.Of(library);

    [Fact(Explicit = true)]
    public void TheCompiler_UnderstandsEverySource() => Assert.Empty(_sources.Errors);

    [Fact]
    public void EveryFolder_HasItsPlaceInTheOrder() => Assert.Equal(
        folders.Order(StringComparer.Ordinal),
        _sources.Files.Select(FolderOf).Distinct().Order(StringComparer.Ordinal));

    [Fact(Explicit = true)]
    public void EveryFolder_UsesOnlyFoldersAboveIt()
    {
        var violations =
            from file in _sources.Files
            from used in _sources.UsedBy(file)
            where Array.IndexOf(folders, FolderOf(used)) > Array.IndexOf(folders, FolderOf(file))
            select $"{file} uses {used}";

        AssertNone(violations);
    }

    [Fact(Explicit = true)]
    public void NoFile_UsesAnotherThatUsesIt() =>
        AssertNone(Circles.In(_sources.Files, _sources.UsedBy).Select(circle => string.Join(", ", circle)));

    [Fact]
    public void EverySourceFile_HoldsTheOneTypeThatItIsNamedAfter() => AssertNone(
        from tree in _sources.Trees
        let types = LibrarySources.TypesIn(tree).ToArray()
        where types is not [var only] || only != Path.GetFileNameWithoutExtension(tree.FilePath)
        select $"{tree.FilePath} declares {string.Join(", ", types)}");

    private static string FolderOf(string file) => file.Split('/')[2];

    private static void AssertNone(IEnumerable<string> violations) =>
        Assert.True(!violations.Any(), string.Join('\n', violations));
}
