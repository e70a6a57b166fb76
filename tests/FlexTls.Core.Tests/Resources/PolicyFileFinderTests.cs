using Xunit;

namespace FlexTls.Resources;

/// <summary>Which files a pattern stands for, where folders link to each other.</summary>
public sealed class PolicyFileFinderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-finder-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Find_FoldersThatLinkToThemselvesAndToEachOther_AreListedOnce()
    {
        Write("a.yaml");
        Write("sub/b.yaml");
        Link("first", ".");
        Link("second", ".");
        Link("sub/up", "..");

        Assert.Equal(["a.yaml", "sub/b.yaml"], Find("**/*.yaml"));
    }

    [Fact]
    public void Find_AFolderThatIsALink_IsFollowed()
    {
        Write("tenants/one/a.yaml");
        Link("policies", "tenants");

        Assert.Equal(["policies/one/a.yaml"], Find("policies/*/*.yaml"));
        Assert.Equal(["tenants/one/a.yaml"], Find("**/a.yaml"));
    }

    [Fact]
    public void Find_AMountedVolume_IsListedByItsLinksAlone()
    {
        Write("..2026/orders.yaml");
        Link("..data", "..2026");
        File.CreateSymbolicLink(PathOf("orders.yaml"), "..data/orders.yaml");

        Assert.Equal(["orders.yaml"], Find("**/*.yaml"));
    }

    [Fact]
    public void Find_FoldersThatAllLinkToEachOther_CostNoMoreThanTheirLinks()
    {
        const int Folders = 40;
        Write("team/a.yaml");
        for (var i = 0; i < Folders; i++)
        {
            Write($"d{i:00}/b{i:00}.yaml");
        }

        for (var i = 0; i < Folders * Folders; i++)
        {
            Link($"d{i / Folders:00}/l{i % Folders:00}", $"../d{i % Folders:00}");
        }

        Assert.Equal(Folders + 1, Find("**/*.yaml").Count());
        Assert.Equal(Folders + 1, Find("*/*.yaml").Count());
    }

    [Fact]
    public void Find_APatternWithTwoTrees_AmongFoldersThatLinkToEachOther_NamesTheFix()
    {
        const int Folders = 20;
        for (var i = 0; i < Folders * Folders; i++)
        {
            Directory.CreateDirectory(PathOf($"d{i / Folders:00}"));
            Link($"d{i / Folders:00}/l{i % Folders:00}", $"../d{i % Folders:00}");
        }

        var diagnostics = new DiagnosticList();
        PolicyFileFinder.Find([PathOf("**/x/**/*.yaml")], diagnostics);

        var fault = Assert.Single(diagnostics.InFileOrder());
        Assert.Equal("FTLS1026", fault.Code);
        Assert.EndsWith(
            "links under it lead to the same folders in more than 1000 ways, "
            + "all of which a pattern with two '**' looks at; write only one '**'.",
            fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AListingOfTooManyEntries_NamesTheFix()
    {
        var listing = new FolderListing("/", "**/*.yaml");

        var failed = Assert.Throws<InvalidDataException>(() =>
        {
            for (var i = 0; i <= 200_000; i++)
            {
                listing.Count();
            }
        });

        Assert.EndsWith("; name a folder nearer to the files", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_LinksOutOfTheTree_AreFollowedOnceEach_WhateverOtherLinksAreOnTheirWay()
    {
        Write("outside/one/a.yaml");
        Write("outside/two/b.yaml");
        Link("self", ".");
        Write("tree/c.yaml");
        Link("tree/x", "../outside/one");
        Link("tree/y", "../self/outside/one");
        Link("tree/z", "../self/self/outside");

        Assert.Equal(["tree/c.yaml", "tree/x/a.yaml", "tree/z/two/b.yaml"], Find("tree/**/*.yaml"));
    }

    [Fact]
    public void Find_AFolderOfAnotherName_IsAnotherOneToAPatternThatNamesIt()
    {
        Write("a/y/a.yaml");
        Link("b", "a/y");
        Link("x", "a/y");

        Assert.Equal(["x/a.yaml"], Find("**/x/*.yaml"));
        Assert.Equal(["a/y/a.yaml"], Find("*/y/*.yaml"));
    }

    [Fact]
    public void Find_AFolderOfAMountedVolume_IsListedByItsLink()
    {
        Write("..2026/policies/orders.yaml");
        Link("..data", "..2026");
        Link("policies", "..data/policies");

        Assert.Equal(["policies/orders.yaml"], Find("**/*.yaml"));
    }

    [Theory]
    [InlineData("*.{yaml,yml}")]
    [InlineData("*/order?.yaml")]
    [InlineData("order?.yaml")]
    [InlineData("[ab]*.yaml")]
    public void Find_APatternOfAnotherKind_NamesThoseThatAreKnown(string pattern) =>
        Assert.Contains(
            " (of all wildcards, only * and ** are known) "
                + $"('{pattern}' is relative to the content root '{_folder.FullName}')",
            NotFound(pattern, _folder.FullName), StringComparison.Ordinal);

    [Fact]
    public void Find_ARelativeNameUnderAnotherContentRoot_IsToldWhereItStarts() =>
        Assert.Equal(
            "no policy file is found under '/nowhere/policies/*.yaml': there is no folder '/nowhere/policies' "
                + "('policies/*.yaml' is relative to the content root '/nowhere'); "
                + "check the path, and that it is mounted, or published with the program.",
            NotFound("policies/*.yaml", "/nowhere"));

    [Fact]
    public void Find_AnAbsoluteName_HasNothingToDoWithTheContentRoot() =>
        Assert.DoesNotContain("content root", NotFound(PathOf("*.yaml"), "/nowhere"), StringComparison.Ordinal);

    private static string NotFound(string name, string contentRoot)
    {
        var diagnostics = new DiagnosticList();
        PolicyFileFinder.Find([name], diagnostics, contentRoot: contentRoot);
        return Assert.Single(diagnostics.InFileOrder()).Message;
    }

    private IEnumerable<string> Find(string pattern)
    {
        var diagnostics = new DiagnosticList();
        var found = PolicyFileFinder.Find([PathOf(pattern)], diagnostics);
        Assert.False(diagnostics.HasErrors);
        return found.Select(file => Path.GetRelativePath(_folder.FullName, file.Path));
    }

    private void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), "");
    }

    private void Link(string path, string target) => Directory.CreateSymbolicLink(PathOf(path), target);

    private string PathOf(string path) => Path.Combine(_folder.FullName, path);
}
