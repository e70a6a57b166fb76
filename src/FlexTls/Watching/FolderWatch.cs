namespace FlexTls;

/// <summary>A file system watch on one folder.</summary>
internal sealed class FolderWatch : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly bool _isTree;
    private readonly DateTime _made;
    private volatile bool _isBroken;

    /// <param name="folder">A folder that exists.</param>
    /// <param name="isTree">Whether the folders below are watched too.</param>
    /// <param name="changed">Receives the full path that changed, and the kind of change.</param>
    /// <param name="lost">
    /// Called when changes were lost, with the reason; <see langword="null"/>: too many at once.
    /// </param>
    public FolderWatch(string folder, bool isTree, Action<string, WatcherChangeTypes> changed, Action<Exception?> lost)
    {
        _isTree = isTree;
        _made = Made(folder);
        _watcher = new FileSystemWatcher(folder)
        {
            IncludeSubdirectories = isTree,
            // Security too: a file that becomes readable has changed.
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

    /// <summary>Whether this watch still works and watches the folder at this path.</summary>
    public bool Serves(string folder, bool isTree) => !_isBroken && _isTree == isTree && _made == Made(folder);

    public void Dispose() => _watcher.Dispose();

    /// <summary>
    /// Tells a folder from a new one in its place, which the system does not report. On Linux, .NET returns the last
    /// change of the names in the folder instead, so a watch is sometimes replaced needlessly.
    /// </summary>
    private static DateTime Made(string folder) => Directory.GetCreationTimeUtc(folder);
}
