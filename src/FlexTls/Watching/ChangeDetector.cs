using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>
/// Finds out which items have changed and settled on their new content. File system watches find changes quickly; the
/// poll finds the rest. One task at a time, on the thread pool, does all work; nothing else touches the fields.
/// </summary>
internal sealed class ChangeDetector : IAsyncDisposable
{
    private readonly Channel<Action> _steps = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly ILogger _logger;
    private readonly Func<ChangeSet, Task> _changed;
    private readonly ITimer _poll;
    private readonly Action _polling;
    private readonly BoundedReads _reads;
    private readonly WatchProgress _progress;
    private readonly SettlingChanges _settling;
    private readonly FolderWatches _folders;
    private readonly FoundChanges _found = new();
    private readonly Dictionary<string, ItemState> _states = new(StringComparer.Ordinal);
    private readonly Task _work;
    private WatchedPlaces _places = new([]);
    private Task _reporting = Task.CompletedTask;
    private bool _isReporting, _isAsked;
    private int _isPolling;
    private volatile bool _isDisposed;

    /// <param name="clock">The clock of quiet periods and of the poll.</param>
    /// <param name="pollInterval">How often everything is read, whatever the watches say.</param>
    /// <param name="logger">Logs folders that cannot be watched, and failures.</param>
    /// <param name="changed">Receives changes; calls never overlap.</param>
    /// <param name="reads">Calls the file system with a time limit.</param>
    /// <param name="start">Starts a file system watch.</param>
    /// <param name="polling">Called when a poll begins.</param>
    public ChangeDetector(
        TimeProvider clock, TimeSpan pollInterval, ILogger logger, Func<ChangeSet, Task> changed, BoundedReads reads,
        Action<FileSystemWatcher>? start = null, Action? polling = null)
    {
        (_logger, _changed, _reads, _polling) = (logger, changed, reads, polling ?? (static () => { }));
        _progress = new WatchProgress(clock, logger);
        _settling = new SettlingChanges(clock, () => Post(Settle));
        _folders = new FolderWatches(
            logger, (path, kind) => Post(() => TouchAt(path, kind)), () => Post(() => Compare(_states.Values)),
            start ?? (static watcher => watcher.EnableRaisingEvents = true), reads);
        _poll = clock.CreateTimer(_ => PostPoll(), null, pollInterval, pollInterval);
        _work = Task.Run(WorkAsync);
    }

    /// <summary>The time since which watching has hung; <see langword="null"/>: it does not hang.</summary>
    public DateTimeOffset? HangsSince => _progress.HangsSince;

    /// <summary>
    /// Replaces the watched items. Reports each that no longer has its known content, unless that was reported before.
    /// </summary>
    public void Watch(IEnumerable<WatchedItem> items)
    {
        var wanted = items.ToDictionary(item => item.Key, StringComparer.Ordinal);
        Post(() => Replace(wanted));
    }

    /// <summary>Notes that an item may have changed.</summary>
    /// <param name="key">The key of an item; unknown keys are ignored.</param>
    public void Touch(string key) => Post(() =>
    {
        if (_states.TryGetValue(key, out var state))
        {
            _settling.Touch(state);
        }
    });

    /// <summary>Causes a report soon, even if nothing has settled.</summary>
    public void Ask() => Post(() => _isAsked = true);

    /// <summary>Stops watching; nothing runs afterwards. The receiver of changes must not await this.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _steps.Writer.TryComplete();
        await _work.ConfigureAwait(false);
        await _poll.DisposeAsync().ConfigureAwait(false);
        await _progress.DisposeAsync().ConfigureAwait(false);
        await _settling.DisposeAsync().ConfigureAwait(false);
        _folders.Dispose();
        await _reporting.ConfigureAwait(false);
    }

    private void Post(Action step) => _steps.Writer.TryWrite(step);

    private async Task WorkAsync()
    {
        await foreach (var step in _steps.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (_isDisposed)
            {
                return;
            }

            try
            {
                using var work = _progress.Begin();
                step();
            }
            catch (Exception e)
            {
                WatchingLog.StepFailed(_logger, e);
            }

            Report();
        }
    }

    private void Replace(Dictionary<string, WatchedItem> wanted)
    {
        var gone = _states.Keys.Except(wanted.Keys).ToList();
        foreach (var key in gone)
        {
            _states.Remove(key);
            _settling.Remove(key);
            _found.Remove(key);
        }

        var (changed, isOther) = (new List<ItemState>(), gone.Count > 0);
        foreach (var (key, item) in wanted)
        {
            if (!_states.TryGetValue(key, out var state))
            {
                _states.Add(key, new ItemState(item));
                isOther = true;
                continue;
            }

            isOther |= item.Path != state.Item.Path;
            if (item.Known != state.Item.Known)
            {
                changed.Add(state);
                _settling.BeginAnew(key);
            }

            state.Continue(item);
        }

        if (isOther)
        {
            Follow();
        }

        // One changed file is no reason to read thousands of others.
        Compare(isOther ? _states.Values : changed);
    }

    /// <summary>One poll at a time, however long it takes.</summary>
    private void PostPoll()
    {
        if (Interlocked.Exchange(ref _isPolling, 1) == 0)
        {
            Post(Poll);
        }
    }

    private void Poll()
    {
        Volatile.Write(ref _isPolling, 0);
        _polling();
        Follow();
        Compare(_states.Values);
    }

    private void Settle()
    {
        var settled = _settling.Read(_found);

        // A replaced link leads elsewhere, even if the content there is the same.
        if (settled.Any(state => !TrailOf(state).IsSameAs(state.Trail)))
        {
            Follow();
            Compare(_states.Values);
        }
    }

    private void TouchAt(string path, WatcherChangeTypes kind) => _settling.TouchAll(_places.At(path, kind));

    /// <summary>
    /// Moves the watches to where all paths lead now. Compare afterwards: changes before this are not seen.
    /// </summary>
    private void Follow()
    {
        foreach (var state in _states.Values)
        {
            state.Trail = TrailOf(state);
        }

        _places = new WatchedPlaces(_states.Values);
        _folders.Watch(_places.Folders);
    }

    private PathTrail TrailOf(ItemState state) =>
        state.Item.Path is { } path
            ? _reads.Ask($"follow {path.FullPath}", path.Folder, () => PathTrail.Of(path), otherwise: state.Trail)
            : PathTrail.None;

    /// <summary>Finds the changes that no watch has reported.</summary>
    private void Compare(IEnumerable<ItemState> states) =>
        _settling.TouchAll(states.Where(state => state.Item.Read() != state.Reported));

    private void Report()
    {
        if (!_isReporting && _found.Take(_settling.Keys, _isAsked) is { } changes)
        {
            (_isReporting, _isAsked) = (true, false);
            _settling.Await();
            _reporting = Task.Run(() => ReportAsync(changes));
        }
    }

    private async Task ReportAsync(ChangeSet changes)
    {
        try
        {
            using var work = _progress.Begin();
            await _changed(changes).ConfigureAwait(false);
            Post(() => _isReporting = false);
        }
        catch (Exception e)
        {
            WatchingLog.ChangesFailed(_logger, e);
            Post(() => Retract(changes));
        }
    }

    private void Retract(ChangeSet changes)
    {
        _isReporting = false;
        foreach (var key in changes.Settled.Keys)
        {
            _states.GetValueOrDefault(key)?.Retract();
        }
    }
}
