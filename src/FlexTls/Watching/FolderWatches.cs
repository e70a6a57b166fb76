using FlexTls.Diagnostics;
using FlexTls.Secrets;
using Microsoft.Extensions.Logging;

namespace FlexTls.Watching;

/// <summary>
/// The watches that the system keeps for us, one a folder. Where it gives none, nothing is told: somebody has to look
/// from time to time in any case.
/// </summary>
/// <param name="logger">Told, once, that there are folders without a watch.</param>
/// <param name="changed">
/// Told the full path of what changed, and how, on the system's threads; also of paths that nobody asked for.
/// </param>
/// <param name="lost">Told that anything may have changed.</param>
/// <param name="start">Starts a watch; throws if the system gives none.</param>
/// <param name="reads">Calls the file system with a time limit.</param>
internal sealed class FolderWatches(
    ILogger logger,
    Action<string, WatcherChangeTypes> changed,
    Action lost,
    Action<FileSystemWatcher> start,
    BoundedReads reads) : IDisposable
{
    // Linux gives 128 to all programs of a user, and the host's own files are watched too.
    private const int Most = 64;

    private readonly Dictionary<string, FolderWatch> _watches = new(StringComparer.Ordinal);
    private int _hasWarned;

    /// <summary>Replaces what is watched. A watch that broke, or whose folder was made again, is put up anew.</summary>
    /// <param name="folders">Real paths, with what must be seen of each.</param>
    public void Watch(IReadOnlyDictionary<string, FolderReach> folders)
    {
        var plan = FolderPlan.Of(folders);

        // First: what ends here can be had again below.
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
    /// One line for all: a machine that is out of watches is so for every folder, and again at every attempt.
    /// </summary>
    private void Warn(string folder, string reason)
    {
        // A folder that went away needs no watch.
        if (reads.Ask($"look for {folder}", folder, () => Directory.Exists(folder), otherwise: true)
            && Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            WatchingLog.NoWatch(logger, Text.OneLine(folder), Text.OneLine(reason));
        }
    }
}
