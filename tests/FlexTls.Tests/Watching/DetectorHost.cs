using System.Threading.Channels;
using FlexTls.Support;

namespace FlexTls.Watching;

/// <summary>A detector, and what it told. Its poll does nothing in the time of a test unless one is asked for.</summary>
internal sealed class DetectorHost : IAsyncDisposable
{
    private int _watches;
    private readonly Channel<ChangeSet> _changes = Channel.CreateUnbounded<ChangeSet>();

    public DetectorHost(TimeProvider? clock = null, TimeSpan? poll = null, Action<FileSystemWatcher>? start = null, Func<ChangeSet, Task>? changed = null)
    {
        Detector = new ChangeDetector(clock ?? TimeProvider.System, poll ?? TimeSpan.FromHours(1), Log, Changed, BoundedReads.Default, start);

        async Task Changed(ChangeSet changes)
        {
            _changes.Writer.TryWrite(changes);
            await (changed?.Invoke(changes) ?? Task.CompletedTask);
        }
    }

    public ChangeDetector Detector { get; }

    public RecordingLogger Log { get; } = new();

    /// <summary>Watches the items with what they contain now, and returns when all watches stand and all items were looked at.</summary>
    public Task WatchAsync(params TestItem[] items) => WatchAsync(items.Select(item => item.Now()));

    public async Task WatchAsync(IEnumerable<WatchedItem> items)
    {
        // Items are looked at in their order, after the watches were put up.
        var last = new TestItem($"last {++_watches}", null, () => "");
        Detector.Watch([.. items, last.Now()]);
        await last.NextReadAsync();
    }

    public async Task<ChangeSet> NextAsync() => await _changes.Reader.ReadAsync(Deadline.Token());

    /// <summary>What was told and nobody asked for yet.</summary>
    public IReadOnlyList<ChangeSet> Rest()
    {
        var rest = new List<ChangeSet>();
        while (_changes.Reader.TryRead(out var changes))
        {
            rest.Add(changes);
        }

        return rest;
    }

    public async ValueTask DisposeAsync()
    {
        await Detector.DisposeAsync();
        Log.Dispose();
    }
}
