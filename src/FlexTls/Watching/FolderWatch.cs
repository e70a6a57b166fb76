namespace FlexTls.Watching;

/// <summary>The system's watch on one folder.</summary>
internal sealed class FolderWatch : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly bool _isTree;
    private readonly DateTime _made;
    private volatile bool _isBroken;

    /// <param name="folder">A folder that exists.</param>
    /// <param name="isTree">Whether the folders below are watched too.</param>
    /// <param name="changed">Told the full path of what changed, and how.</param>
    /// <param name="lost">Told that changes got lost, and why; <see langword="null"/> if only for once.</param>
    public FolderWatch(string folder, bool isTree, Action<string, WatcherChangeTypes> changed, Action<Exception?> lost)
    {
        _isTree = isTree;
        _made = Made(folder);
        _watcher = new FileSystemWatcher(folder)
        {
            IncludeSubdirectories = isTree,
            // The rights too: a file that may be read again is a change.
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite
                | NotifyFilters.Size | NotifyFilters.Attributes | NotifyFilters.Security,
        };
        _watcher.Created += (_, e) => changed(e.FullPath, e.ChangeType);
        _watcher.Changed += (_, e) => changed(e.FullPath, e.ChangeType);
        _watcher.Deleted += (_, e) => changed(e.FullPath, e.ChangeType);
        _watcher.Renamed += (_, e) =>
        {
            changed(e.OldFullPath, e.ChangeType);
            changed(e.FullPath, e.ChangeType);
        };
        _watcher.Error += (_, e) =>
        {
            var isOverflow = e.GetException() is InternalBufferOverflowException;
            _isBroken |= !isOverflow;
            lost(isOverflow ? null : e.GetException());
        };
    }

    public void Start(Action<FileSystemWatcher> start) => start(_watcher);

    /// <summary>Whether it still is the watch on the folder of that path.</summary>
    public bool Serves(string folder, bool isTree) => !_isBroken && _isTree == isTree && _made == Made(folder);

    public void Dispose() => _watcher.Dispose();

    /// <summary>
    /// Tells a folder from one that was made in its place, of which the system says nothing. On Linux .NET reads the
    /// last change of the names in it instead: then a watch is now and then replaced for nothing.
    /// </summary>
    private static DateTime Made(string folder) => Directory.GetCreationTimeUtc(folder);
}
