using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>
/// The file system watches, one per folder. A folder that the system refuses to watch reports nothing; the poll covers
/// it.
/// </summary>
/// <param name="logger">Logs, once, that there are folders without a watch.</param>
/// <param name="changed">
/// Receives the full path that changed and the kind of change, on the system's threads; also for paths that are not
/// watched.
/// </param>
/// <param name="lost">Called when anything may have changed.</param>
/// <param name="start">Starts a watch; throws if the system refuses it.</param>
/// <param name="reads">Calls the file system with a time limit.</param>
internal sealed class FolderWatches(
    ILogger logger,
    Action<string, WatcherChangeTypes> changed,
    Action lost,
    Action<FileSystemWatcher> start,
    BoundedReads reads) : IDisposable
{
    // Linux allows 128 for all programs of a user, and the host's own files need some too.
    private const int Most = 64;

    private readonly Dictionary<string, FolderWatch> _watches = new(StringComparer.Ordinal);
    private int _hasWarned;

    /// <summary>
    /// Replaces the watched folders. A watch that is broken, or whose folder was recreated, is replaced.
    /// </summary>
    /// <param name="folders">The real paths of the folders, each with the reach that it needs.</param>
    public void Watch(IReadOnlyDictionary<string, FolderReach> folders)
    {
        var plan = FolderPlan.Of(folders);

        // First, to free watches for the new ones below.
        foreach (var (folder, watch) in _watches.Where(watch => !Serves(watch.Key, watch.Value, plan)).ToList())
        {
            watch.Dispose();
            _watches.Remove(folder);
        }

        foreach (var (folder, isTree) in plan.Where(planned => !_watches.ContainsKey(planned.Key)))
        {
            if (_watches.Count < Most)
            {
                Start(folder, isTree);
            }
            else
            {
                Warn(folder, $"there are more than {Most} folders.");
            }
        }
    }

    public void Dispose()
    {
        foreach (var watch in _watches.Values)
        {
            watch.Dispose();
        }

        _watches.Clear();
    }

    private bool Serves(string folder, FolderWatch watch, IReadOnlyDictionary<string, bool> plan) =>
        plan.TryGetValue(folder, out var isTree)
        && reads.Ask($"compare {folder}", folder, () => watch.Serves(folder, isTree), otherwise: true);

    private void Start(string folder, bool isTree)
    {
        try
        {
            _watches.Add(folder, reads.Ask($"watch {folder}", folder, () => Started(folder, isTree)));
        }
        catch (TimeoutException)
        {
            Warn(folder, "its file system does not answer.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Warn(folder, e.Message);
        }
    }

    private FolderWatch Started(string folder, bool isTree)
    {
        var watch = new FolderWatch(folder, isTree, changed, reason => Lost(folder, reason));
        try
        {
            watch.Start(start);
            return watch;
        }
        catch (Exception)
        {
            watch.Dispose();
            throw;
        }
    }

    private void Lost(string folder, Exception? reason)
    {
        if (reason is not null)
        {
            Warn(folder, reason.Message);
        }

        lost();
    }

    /// <summary>
    /// One line for all folders: a machine that is out of watches refuses every one of them, at every attempt.
    /// </summary>
    private void Warn(string folder, string reason)
    {
        // A deleted folder needs no watch.
        if (reads.Ask($"look for {folder}", folder, () => Directory.Exists(folder), otherwise: true)
            && Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            WatchingLog.NoWatch(logger, Text.OneLine(folder), Text.OneLine(reason));
        }
    }
}
