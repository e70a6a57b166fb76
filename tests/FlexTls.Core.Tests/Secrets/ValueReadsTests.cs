using Xunit;

namespace FlexTls.Secrets;

/// <summary>What is remembered of the files that a policy is made of.</summary>
public sealed class ValueReadsTests : IDisposable
{
    private const int Most = 1024 * 1024;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Versions_OfEqualContents_AreEqual_AndOfOtherContents_AreNot()
    {
        var (first, same, other) = (Write("a", "one"), Write("b", "one"), Write("c", "two"));

        var prints = VersionsOf(first, same, other);

        Assert.Equal(prints[first], prints[same]);
        Assert.NotEqual(prints[first], prints[other]);
    }

    [Fact]
    public void Versions_FollowAFile_ThatChanges_Vanishes_AndComesBack()
    {
        var path = Write("a", "one");
        var before = VersionsOf(path)[path];

        Write("a", "two");
        var changed = VersionsOf(path)[path];
        File.Delete(path);
        var missing = VersionsOf(path)[path];
        Write("a", "one");

        Assert.NotEqual(before, changed);
        Assert.Equal(ContentVersion.Unreadable("there is no such file"), missing);
        Assert.Equal(before, VersionsOf(path)[path]);
    }

    [Fact]
    public void Read_OfOneUnit_GivesWhatWasReadFirst()
    {
        var path = Write("a", "one");
        var files = new ValueReads();
        var before = files.Read(path, Most);

        Write("a", "two");

        Assert.Equal(before.Bytes, files.Read(path, Most).Bytes);
        Assert.Equal(before.Version, files.Versions[path]);
    }

    [Fact]
    public void Read_WithTwoBounds_RefusesAtTheSmallerOne_AndHasOneVersion()
    {
        var path = Write("a", new string('x', Most + 1));
        var files = new ValueReads();

        Assert.Equal(Most + 1, files.Read(path, ValueContent.Longest).Bytes!.Length);
        var refused = files.Read(path, Most);

        Assert.Null(refused.Bytes);
        Assert.True(refused.IsTooLong);
        Assert.Equal("it is longer than 1 MiB", refused.Problem);
        Assert.Equal(ValueContent.Read(path, Most).Version, files.Versions[path]);
    }

    [Fact]
    public void Read_OfAFileThatIsLongerThanAny_IsAProblemWithAVersion()
    {
        var path = Write("a", new string('x', ValueContent.Longest + 1));

        var content = ValueContent.Read(path);

        Assert.Null(content.Bytes);
        Assert.Equal("it is longer than 4 MiB", content.Problem);
        Assert.Equal(ContentVersion.Unreadable("it is too long"), content.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("no/such/folder")]
    public void Read_OfWhatIsNoFile_IsAProblemAndNoException(string path) =>
        Assert.NotNull(new ValueReads().Read(path, Most).Problem);

    [Fact]
    public void Read_OfAFolder_IsAProblem() => Assert.NotNull(ValueContent.Read(_folder.FullName).Problem);

    [Fact]
    public void Versions_NameARelativeFile_ByItsAbsolutePath_AndKeepLinks()
    {
        Write("real/a", "one");
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "link"), "real");
        var files = new ValueReads(Path.GetRelativePath(Directory.GetCurrentDirectory(), _folder.FullName));

        files.Read(files.PathOf("link/a"), Most);

        var path = Assert.Single(files.Versions.Keys);
        Assert.True(Path.IsPathFullyQualified(path));
        Assert.EndsWith("link/a", path.Replace('\\', '/'), StringComparison.Ordinal);
        Assert.Equal(ValueContent.Read(path).Version, files.Versions[path]);
    }

    private static IReadOnlyDictionary<string, ContentVersion> VersionsOf(params string[] paths)
    {
        var files = new ValueReads();
        Assert.All(paths, path => files.Read(path, Most));
        return files.Versions;
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
