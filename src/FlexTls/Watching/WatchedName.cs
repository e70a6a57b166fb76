namespace FlexTls;

/// <summary>A name in a folder.</summary>
/// <param name="Folder">The real path of the folder: no component of it is a link.</param>
/// <param name="Name">The name, of a file, a folder, a link or nothing.</param>
internal readonly record struct WatchedName(string Folder, string Name)
{
    public string Path => System.IO.Path.Join(Folder, Name);
}
