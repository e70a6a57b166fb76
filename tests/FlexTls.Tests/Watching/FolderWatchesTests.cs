using System.Threading.Channels;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Watching;

/// <summary>What the system's watches tell, and that they are put up again where they broke.</summary>
public sealed class FolderWatchesTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Channel<string> _changed = Channel.CreateUnbounded<string>();
    private readonly RecordingLogger _log = new();
    private readonly FolderWatches _watches;
    private readonly List<FileSystemWatcher> _started = [];
    private bool _isRefused;

    public FolderWatchesTests() => _watches = new FolderWatches(_log, (path, _) => _changed.Writer.TryWrite(path), () => _changed.Writer.TryWrite("lost"), watcher =>
    {
        _started.Add(watcher);
        watcher.EnableRaisingEvents = !_isRefused ? true : throw new IOException("No more watches.");
    }, BoundedReads.Default);

    public void Dispose()
    {
        _watches.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void ManyFoldersThatLieApart_LeaveWatchesToOthers_AndOneWarning()
    {
        var folders = Enumerable.Range(0, 70).Select(number => _folder.At($"apart{number}")).ToList();
        folders.ForEach(folder => Directory.CreateDirectory(folder));

        // Not really started: other tests need some.
        using var watches = new FolderWatches(_log, (_, _) => { }, () => { }, _started.Add, BoundedReads.Default);
        watches.Watch(folders.ToDictionary(folder => folder, _ => FolderReach.Home));

        Assert.Equal(64, _started.Count);
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public async Task Watch_TellsBothNamesOfARename()
    {
        _folder.Write("s/old", "1");
        Watch("s");

        File.Move(_folder.At("s/old"), _folder.At("s/new"));

        Assert.Equal(_folder.At("s/old"), await _changed.Reader.ReadAsync(Deadline.Token()));
        Assert.Equal(_folder.At("s/new"), await _changed.Reader.ReadAsync(Deadline.Token()));
    }

    [Fact]
    public void Watch_Again_KeepsTheWatchesThatStand()
    {
        _folder.Write("s/a", "1");
        _folder.Write("t/a", "1");

        Watch("s");
        Watch("s", "t");
        Watch("s", "t");

        Assert.Equal([_folder.At("s"), _folder.At("t")], _started.Select(watcher => watcher.Path));
    }

    [Fact]
    public async Task Watch_Again_AfterTheFolderWasMadeAgain()
    {
        _folder.Write("s/old", "1");
        Watch("s");

        Directory.Delete(_folder.At("s"), recursive: true);
        Directory.CreateDirectory(_folder.At("s"));
        Watch("s");
        _folder.Write("s/new", "1");

        await WaitForAsync(_folder.At("s/new"));
    }

    [Fact]
    public async Task Watch_Again_AfterAnError_PutsTheWatchUpAnew()
    {
        _folder.Write("s/a", "1");
        Watch("s");

        Raise(_started[0], new IOException("The limit was reached."));
        await WaitForAsync("lost");
        Watch("s");
        Watch("s");

        Assert.Equal(2, _started.Count);
        Assert.Contains("The limit was reached.", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOverflow_LosesChanges_ButNotTheWatch()
    {
        _folder.Write("s/a", "1");
        Watch("s");

        Raise(_started[0], new InternalBufferOverflowException());
        await WaitForAsync("lost");
        Watch("s");

        Assert.Single(_started);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public async Task ARefusedWatch_IsTriedAgain_AndWarnedOfOnce()
    {
        _folder.Write("s/a", "1");
        _folder.Write("t/a", "1");
        _isRefused = true;
        Watch("s", "t");
        Watch("s", "t");
        Assert.Equal(4, _started.Count);

        _isRefused = false;
        Watch("s", "t");
        _folder.Write("t/new", "1");

        await WaitForAsync(_folder.At("t/new"));
        Assert.Contains("No more watches.", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatDoesNotExist_IsNoReasonToWarn()
    {
        Watch("missing");

        Assert.Empty(_started);
        Assert.Empty(_log.Warnings);
    }

    private void Watch(params string[] names) => _watches.Watch(names.ToDictionary(_folder.At, _ => FolderReach.Home));

    private async Task WaitForAsync(string expected)
    {
        while (await _changed.Reader.ReadAsync(Deadline.Token()) != expected)
        {
        }
    }

    /// <summary>What the system does when it cannot keep up, which no test can make it do in a moment.</summary>
    private static void Raise(FileSystemWatcher watcher, Exception error) =>
        typeof(FileSystemWatcher).GetMethod("OnError", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .Invoke(watcher, [new ErrorEventArgs(error)]);
}
