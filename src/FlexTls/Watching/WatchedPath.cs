namespace FlexTls.Watching;

/// <summary>Where something lies that is watched.</summary>
/// <param name="FullPath">A full path, which need not exist, and on which links may lie.</param>
/// <param name="Scope">What of it is watched.</param>
internal sealed record WatchedPath(string FullPath, WatchedScope Scope)
{
    /// <summary>The folder as it is written: the file's, or the one that is watched.</summary>
    public string Folder => Scope == WatchedScope.File ? Path.GetDirectoryName(FullPath) ?? FullPath : FullPath;
}
