using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace FlexTls.Yaml;

/// <summary>
/// A folder that a pattern is matched in. Links to folders are followed, but not to one that the path has already come
/// through, and the entries of one listing are bounded: links could otherwise make a tree without an end.
/// </summary>
internal sealed class ListedFolder : DirectoryInfoBase
{
    private const int MostEntries = 200_000;

    private readonly DirectoryInfo _folder;
    private readonly ListedFolder? _parent;
    private readonly string _target;
    private readonly Count _entries;

    public ListedFolder(DirectoryInfo root)
        : this(root, null, new Count())
    {
    }

    private ListedFolder(DirectoryInfo folder, ListedFolder? parent, Count entries)
    {
        (_folder, _parent, _entries) = (folder, parent, entries);
        _target = folder.LinkTarget is null
            ? parent is null ? folder.FullName : Path.Combine(parent._target, folder.Name)
            : folder.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    public override string Name => _folder.Name;

    public override string FullName => _folder.FullName;

    public override DirectoryInfoBase? ParentDirectory => _parent;

    /// <exception cref="InvalidDataException">The listing has too many entries.</exception>
    public override IEnumerable<FileSystemInfoBase> EnumerateFileSystemInfos()
    {
        foreach (var entry in _folder.EnumerateFileSystemInfos())
        {
            if (++_entries.Value > MostEntries)
            {
                throw new InvalidDataException($"there are more than {MostEntries} entries under it, perhaps because folders link to each other");
            }

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

    public override DirectoryInfoBase? GetDirectory(string path) =>
        new DirectoryInfo(Path.Combine(FullName, path)) is { Exists: true } folder ? Below(folder) : null;

    public override FileInfoBase? GetFile(string path) => new FileInfoWrapper(new FileInfo(Path.Combine(FullName, path)));

    /// <summary>A folder in this one; <see langword="null"/>: it is one that the path has come through.</summary>
    private ListedFolder? Below(DirectoryInfo folder)
    {
        var below = new ListedFolder(folder, this, _entries);
        for (var above = this; above is not null; above = above._parent)
        {
            if (above._target == below._target)
            {
                return null;
            }
        }

        return below;
    }

    private sealed class Count
    {
        public int Value { get; set; }
    }
}
