using Xunit;

namespace FlexTls.Policies;

/// <summary>What is remembered of the files that a policy is made of.</summary>
public sealed class FileReadsTests : IDisposable
{
    private const int Most = 1024 * 1024;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Fingerprints_OfEqualContents_AreEqual_AndOfOtherContents_AreNot()
    {
        var (first, same, other) = (Write("a", "one"), Write("b", "one"), Write("c", "two"));

        var prints = FingerprintsOf(first, same, other);

        Assert.Equal(prints[first], prints[same]);
        Assert.NotEqual(prints[first], prints[other]);
        Assert.Equal(64, prints[first].Length);
    }

    [Fact]
    public void Fingerprints_FollowAFile_ThatChanges_Vanishes_AndComesBack()
    {
        var path = Write("a", "one");
        var before = FingerprintsOf(path)[path];

        Write("a", "two");
        var changed = FingerprintsOf(path)[path];
        File.Delete(path);
        var missing = FingerprintsOf(path)[path];
        Write("a", "one");

        Assert.NotEqual(before, changed);
        Assert.Equal("!there is no such file", missing);
        Assert.Equal(before, FingerprintsOf(path)[path]);
    }

    [Fact]
    public void Read_OfOneUnit_GivesWhatWasReadFirst()
    {
        var path = Write("a", "one");
        var files = new FileReads();
        var before = files.Read(path, Most);

        Write("a", "two");

        Assert.Equal(before.Bytes, files.Read(path, Most).Bytes);
        Assert.Equal(before.Fingerprint, files.Fingerprints[path]);
    }

    [Fact]
    public void Read_WithTwoBounds_RefusesAtTheSmallerOne_AndHasOneFingerprint()
    {
        var path = Write("a", new string('x', Most + 1));
        var files = new FileReads();

        Assert.Equal(Most + 1, files.Read(path, FileContent.Longest).Bytes!.Length);
        var refused = files.Read(path, Most);

        Assert.Null(refused.Bytes);
        Assert.True(refused.IsTooLong);
        Assert.Equal("it is longer than 1 MiB", refused.Problem);
        Assert.Equal(FileContent.Read(path, Most).Fingerprint, files.Fingerprints[path]);
    }

    [Fact]
    public void Read_OfAFileThatIsLongerThanAny_IsAProblemWithAFingerprint()
    {
        var path = Write("a", new string('x', FileContent.Longest + 1));

        var content = FileContent.Read(path);

        Assert.Null(content.Bytes);
        Assert.Equal("it is longer than 4 MiB", content.Problem);
        Assert.StartsWith("!", content.Fingerprint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("no/such/folder")]
    public void Read_OfWhatIsNoFile_IsAProblemAndNoException(string path) => Assert.NotNull(new FileReads().Read(path, Most).Problem);

    [Fact]
    public void Read_OfAFolder_IsAProblem() => Assert.NotNull(FileContent.Read(_folder.FullName).Problem);

    [Fact]
    public void Fingerprints_NameARelativeFile_ByItsAbsolutePath_AndKeepLinks()
    {
        Write("real/a", "one");
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "link"), "real");
        var files = new FileReads(Path.GetRelativePath(Directory.GetCurrentDirectory(), _folder.FullName));

        files.Read(files.PathOf("link/a"), Most);

        var path = Assert.Single(files.Fingerprints.Keys);
        Assert.True(Path.IsPathFullyQualified(path));
        Assert.EndsWith(Path.Combine("link", "a").Replace('\\', '/'), path.Replace('\\', '/'), StringComparison.Ordinal);
        Assert.Equal(FileContent.Read(path).Fingerprint, files.Fingerprints[path]);
    }

    private static IReadOnlyDictionary<string, string> FingerprintsOf(params string[] paths)
    {
        var files = new FileReads();
        Assert.All(paths, path => files.Read(path, Most));
        return files.Fingerprints;
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
