using Xunit;

namespace FlexTls.Watching;

/// <summary>What people and machines do to files, as the watches of the system tell it: no poll happens here.</summary>
public sealed class FileChangeTests : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly DetectorHost _host = new();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task AFile_ThatIsWrittenInPlace()
    {
        _folder.Write("tls.crt", "old");
        await _host.WatchAsync(_folder.FileItem("tls.crt"));

        _folder.Write("tls.crt", "new");

        Assert.Equal("new", await SettledAsync("tls.crt"));
    }

    [Fact]
    public async Task AFile_ThatAnotherIsRenamedOver()
    {
        _folder.Write("tls.crt", "old");
        await _host.WatchAsync(_folder.FileItem("tls.crt"));

        _folder.Replace("tls.crt", "new");

        Assert.Equal("new", await SettledAsync("tls.crt"));
    }

    [Fact]
    public async Task AMountedSecret_WhoseLinkIsSwapped()
    {
        _folder.Mount("s", "2024_1", "tls.crt", "old");
        await _host.WatchAsync(_folder.FileItem("s/tls.crt"));

        _folder.Write("s/..2024_2/tls.crt", "new");
        _folder.Relink("s/..data", "..2024_2");

        Assert.Equal("new", await SettledAsync("s/tls.crt"));
    }

    [Fact]
    public async Task ALink_ThatIsSwappedForTheSameContent_IsFollowedToItsNewPlace()
    {
        _folder.Write("elsewhere/1/tls.crt", "same");
        _folder.Write("elsewhere/2/tls.crt", "same");
        _folder.Link("s/tls.crt", "../elsewhere/1/tls.crt");
        var item = _folder.FileItem("s/tls.crt");
        await _host.WatchAsync(item);

        _folder.Relink("s/tls.crt", "../elsewhere/2/tls.crt");

        // At the swap, a quiet period later, and once more when the watch on the new place stands.
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("same", await item.NextReadAsync());
        }

        _folder.Write("elsewhere/2/tls.crt", "new");
        Assert.Equal("new", await SettledAsync("s/tls.crt"));
    }

    [Fact]
    public async Task AFile_ThatIsRemoved_AndComesBack()
    {
        _folder.Write("tls.crt", "old");
        await _host.WatchAsync(_folder.FileItem("tls.crt"));

        File.Delete(_folder.At("tls.crt"));
        Assert.Equal("none", await SettledAsync("tls.crt"));
        _folder.Write("tls.crt", "old");

        Assert.Equal("old", await SettledAsync("tls.crt"));
    }

    [Fact]
    public async Task AFolder_ThatIsRemoved_AndComesBack()
    {
        _folder.Write("s/deep/tls.crt", "old");
        var listing = _folder.Listing("s", WatchedScope.Tree);
        await _host.WatchAsync(_folder.FileItem("s/deep/tls.crt"), listing);

        Directory.Delete(_folder.At("s"), recursive: true);
        Assert.Equal(("none", "none"), await BothAsync("s/deep/tls.crt", listing.Key));
        _folder.Write("s/deep/tls.crt", "new");

        Assert.Equal(("new", "deep/tls.crt"), await BothAsync("s/deep/tls.crt", listing.Key));
        _folder.Write("s/deep/tls.crt", "newer");
        Assert.Equal("newer", await SettledAsync("s/deep/tls.crt"));
    }

    [Fact]
    public async Task AFolder_ThatIsRenamed_TakesItsFilesWithIt()
    {
        _folder.Write("tls.crt", "old");
        _folder.Write("s/deep/tls.crt", "old");
        await _host.WatchAsync(_folder.FileItem("tls.crt"), _folder.FileItem("s/deep/tls.crt"));

        Directory.Move(_folder.At("s"), _folder.At("t"));

        Assert.Equal("none", await SettledAsync("s/deep/tls.crt"));
    }

    [Fact]
    public async Task AFolder_ToWhichAFileIsAdded_AndOneRemoved()
    {
        _folder.Write("p/a.yaml", "a");
        var (listing, file) = (_folder.Listing("p"), _folder.FileItem("p/a.yaml"));
        await _host.WatchAsync(listing, file);

        _folder.Write("p/b.yaml", "b");
        Assert.Equal("a.yaml b.yaml", await SettledAsync(listing.Key));
        File.Delete(_folder.At("p/a.yaml"));

        Assert.Equal(("none", "b.yaml"), await BothAsync(file.Key, listing.Key));
    }

    [Fact]
    public async Task ATree_InWhichASubfolderAppears()
    {
        _folder.Write("p/a.yaml", "a");
        var listing = _folder.Listing("p", WatchedScope.Tree);
        await _host.WatchAsync(listing);

        _folder.Write("p/sub/er/b.yaml", "b");
        Assert.Equal("a.yaml sub/er/b.yaml", await SettledAsync(listing.Key));
        _folder.Write("p/sub/er/c.yaml", "c");

        Assert.Equal("a.yaml sub/er/b.yaml sub/er/c.yaml", await SettledAsync(listing.Key));
    }

    [Fact]
    public async Task ATouch_WithoutAChange_IsNotTold()
    {
        _folder.Write("a", "same");
        _folder.Write("b", "old");
        var a = _folder.FileItem("a");
        await _host.WatchAsync(a, _folder.FileItem("b"));
        await a.NextReadAsync();

        File.SetLastWriteTimeUtc(_folder.At("a"), DateTime.UnixEpoch);
        await a.NextReadAsync();
        _folder.Write("b", "new");

        // Both have settled when the later one is told.
        Assert.Equal(["b"], (await _host.NextAsync()).Settled.Keys);
        Assert.Equal(3, a.Reads);
        Assert.Empty(_host.Rest());
    }

    [Fact]
    public async Task AFile_ThatGoesOnGrowing_IsUnstable_AndSettlesLater()
    {
        _folder.Write("tls.crt", "");
        var grows = 1;
        var item = new TestItem("tls.crt", new WatchedPath(_folder.At("tls.crt"), WatchedScope.File), () =>
        {
            File.AppendAllText(_folder.At("tls.crt"), Volatile.Read(ref grows) == 1 ? "+" : "");
            return File.ReadAllText(_folder.At("tls.crt"));
        });
        await _host.WatchAsync([item.Knowing("")]);

        Assert.Equal(["tls.crt"], (await _host.NextAsync()).Unstable);
        Volatile.Write(ref grows, 0);

        Assert.Equal(File.ReadAllText(_folder.At("tls.crt")), await SettledAsync("tls.crt"));
    }

    private async Task<string> SettledAsync(string key) =>
        Versions.TextOf(Assert.Contains(key, (await _host.NextAsync()).Settled));

    /// <summary>Two that changed together, but need not have settled together.</summary>
    private async Task<(string First, string Second)> BothAsync(string first, string second)
    {
        var settled = new Dictionary<string, string>();
        while (!settled.ContainsKey(first) || !settled.ContainsKey(second))
        {
            foreach (var (key, content) in (await _host.NextAsync()).Settled)
            {
                settled[key] = Versions.TextOf(content);
            }
        }

        return (settled[first], settled[second]);
    }
}
