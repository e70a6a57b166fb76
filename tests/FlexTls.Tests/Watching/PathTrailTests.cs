using Xunit;

namespace FlexTls.Watching;

/// <summary>Every name on which a path depends, and no other.</summary>
public sealed class PathTrailTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void APathThatNoSystemHas_IsAMissingName()
    {
        _folder.Write("sub/other", "1");

        Assert.Equal(["sub:a\0b"], Names("sub/a\0b"));
    }

    [Fact]
    public void AFile_IsItsOwnName()
    {
        _folder.Write("sub/tls.crt", "1");

        Assert.Equal(["sub:tls.crt"], Names("sub/tls.crt"));
    }

    [Fact]
    public void AMountedSecret_IsBothLinks_AndTheFileAtTheEnd()
    {
        _folder.Mount("s", "2024_1", "tls.crt", "1");

        Assert.Equal(["s:tls.crt", "s:..data", "s/..2024_1:tls.crt"], Names("s/tls.crt"));
        Assert.Equal(_folder.At("s"), Of("s/tls.crt").Home);
    }

    [Fact]
    public void WhatDoesNotExist_IsTheFirstMissingName()
    {
        _folder.Write("sub/other", "1");

        Assert.Equal(["sub:deep"], Names("sub/deep/er/tls.crt"));
        Assert.Equal(["sub:tls.crt"], Names("sub/tls.crt"));
        Assert.Equal(["sub:other"], Names("sub/other/tls.crt"));
        Assert.Null(Of("sub/deep/er/tls.crt").Home);
    }

    [Fact]
    public void Links_AreFollowed_WhereverTheyLead()
    {
        _folder.Write("real/deep/tls.crt", "1");
        _folder.Link("absolute", _folder.At("real/deep"));
        _folder.Link("a/up", "../real/./deep");
        _folder.Link("dead/tls.crt", "nowhere/tls.crt");

        Assert.Equal([":absolute", "real/deep:tls.crt"], Names("absolute/tls.crt"));
        Assert.Equal(["a:up", "real/deep:tls.crt"], Names("a/up/tls.crt"));
        Assert.Equal(["dead:tls.crt", "dead:nowhere"], Names("dead/tls.crt"));
    }

    [Fact]
    public void ALoop_Ends()
    {
        _folder.Link("a", "b");
        _folder.Link("b", "a");

        Assert.Equal([":a", ":b"], Names("a/tls.crt").Distinct());
    }

    [Fact]
    public void AListing_IsTheRealFolder()
    {
        _folder.Write("real/a.yaml", "1");
        _folder.Link("link", "real");

        Assert.Equal(_folder.At("real"), Of("link", WatchedScope.Folder).Listed);
        Assert.Equal([":link"], Names("link", WatchedScope.Folder));
        Assert.Equal(_folder.At("real"), Of("real", WatchedScope.Tree).Listed);
        Assert.Empty(Names("real", WatchedScope.Tree));
        Assert.Equal(Path.GetPathRoot(_folder.Root), PathTrail.Of(new WatchedPath(Path.GetPathRoot(_folder.Root)!, WatchedScope.Folder)).Listed);
    }

    [Fact]
    public void AListing_WithoutAFolder_IsTheNameThatIsMissing()
    {
        _folder.Write("file", "1");

        Assert.Equal([":missing"], Names("missing/sub", WatchedScope.Tree));
        Assert.Equal([":file"], Names("file", WatchedScope.Folder));
        Assert.Null(Of("file", WatchedScope.Folder).Listed);
    }

    [Fact]
    public void AFolder_WhereAFileShouldBe_IsItsOwnName()
    {
        _folder.Write("sub/tls.crt/x", "1");

        Assert.Equal(["sub:tls.crt"], Names("sub/tls.crt"));
        Assert.Null(Of("sub/tls.crt").Listed);
    }

    private PathTrail Of(string name, WatchedScope scope = WatchedScope.File) => PathTrail.Of(new WatchedPath(_folder.At(name), scope));

    private IEnumerable<string> Names(string name, WatchedScope scope = WatchedScope.File) => Of(name, scope).Names
        .Select(found => $"{found.Folder[_folder.Root.Length..].TrimStart(Path.DirectorySeparatorChar)}:{found.Name}");
}
