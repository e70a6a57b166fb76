using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace FlexTls;

/// <summary>
/// A folder in which a pattern is matched. Links to folders are followed, each folder is listed once, and the number of
/// entries of one listing is limited.
/// </summary>
internal sealed class ListedFolder : DirectoryInfoBase
{
    private readonly DirectoryInfo _folder;
    private readonly ListedFolder? _parent;
    private readonly string _real;
    private readonly FolderListing _listing;

    /// <param name="root">The folder.</param>
    /// <param name="pattern">The pattern to match in it.</param>
    public ListedFolder(DirectoryInfo root, string pattern)
    {
        (_folder, _real) = (root, RealPath.Of(root.FullName) ?? root.FullName);
        _listing = new FolderListing(_real, pattern);
    }

    private ListedFolder(DirectoryInfo folder, string real, ListedFolder parent) =>
        (_folder, _real, _parent, _listing) = (folder, real, parent, parent._listing);

    public override string Name => _folder.Name;

    public override string FullName => _folder.FullName;

    public override DirectoryInfoBase? ParentDirectory => _parent;

    /// <exception cref="InvalidDataException">The listing has too many entries.</exception>
    public override IEnumerable<FileSystemInfoBase> EnumerateFileSystemInfos() =>
        _listing.IsNew(_real, Names()) ? Entries().ToList() : [];

    public override DirectoryInfoBase? GetDirectory(string path) =>
        new DirectoryInfo(Path.Combine(FullName, path)) is { Exists: true } folder ? Below(folder) : null;

    public override FileInfoBase? GetFile(string path) =>
        new FileInfoWrapper(new FileInfo(Path.Combine(FullName, path)));

    /// <summary>
    /// Links are last, so that their targets are found first under their own names, if they are in the same folder.
    /// </summary>
    private IEnumerable<FileSystemInfoBase> Entries()
    {
        var entries = Counted().Where(entry => !FolderListing.IsCopy(entry.Name))
            .Select(entry => (Entry: entry, IsLink: entry.LinkTarget is not null))
            .OrderBy(entry => entry.IsLink).ThenBy(entry => entry.Entry.Name, StringComparer.Ordinal);
        foreach (var (entry, _) in entries)
        {
            if (entry is FileInfo file)
            {
                yield return new FileInfoWrapper(file);
            }
            else if (Below((DirectoryInfo)entry) is { } below)
            {
                yield return below;
            }
        }
    }

    private IEnumerable<FileSystemInfo> Counted()
    {
        foreach (var entry in _folder.EnumerateFileSystemInfos())
        {
            _listing.Count();
            yield return entry;
        }
    }

    /// <summary>A folder in this one; <see langword="null"/>: it is listed elsewhere.</summary>
    private ListedFolder? Below(DirectoryInfo folder)
    {
        if (folder.LinkTarget is null)
        {
            return new ListedFolder(folder, Path.Combine(_real, folder.Name), this);
        }

        return RealPath.Of(Path.Combine(_real, folder.Name)) is { } real && !_listing.IsListedAnyway(real)
            ? new ListedFolder(folder, real, this)
            : null;
    }

    /// <summary>The folder names on the way from the root, the last one first.</summary>
    private IEnumerable<string> Names()
    {
        for (var folder = this; folder._parent is { } parent; folder = parent)
        {
            yield return folder.Name;
        }
    }
}
