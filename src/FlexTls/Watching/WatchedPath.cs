namespace FlexTls;

/// <summary>The path of a watched item.</summary>
/// <param name="FullPath">A full path, which need not exist and may contain links.</param>
/// <param name="Scope">What is watched there.</param>
internal sealed record WatchedPath(string FullPath, WatchedScope Scope)
{
    /// <summary>The folder as written: that of the file, or the watched one.</summary>
    public string Folder => Scope == WatchedScope.File ? Path.GetDirectoryName(FullPath) ?? FullPath : FullPath;
}
