namespace FlexTls;

/// <summary>
/// All names on which the meaning of a path depends. A mounted secret is a link to a file in a folder that is itself a
/// link, and it changes when that second link is replaced: a watch on the path alone would miss it.
/// </summary>
internal sealed class PathTrail
{
    // As many as Linux follows.
    private const int MaxLinks = 40;

    private readonly List<WatchedName> _names = [];

    private PathTrail()
    {
    }

    public static PathTrail None { get; } = new();

    /// <summary>Each link, the first component that does not exist, and the file at the end.</summary>
    public IReadOnlyList<WatchedName> Names => _names;

    /// <summary>
    /// The folder of the file as its path is written, without links; <see langword="null"/> if the path ends before it,
    /// or does not name a file.
    /// </summary>
    public string? Home { get; private set; }

    /// <summary>
    /// The real path of the folder in which names are watched; <see langword="null"/> for a file, and if there is no
    /// such folder.
    /// </summary>
    public string? Listed { get; private set; }

    /// <summary>Follows a path as it is now.</summary>
    public static PathTrail Of(WatchedPath path)
    {
        var trail = new PathTrail();
        trail.Follow(path.FullPath, path.Scope == WatchedScope.File);
        return trail;
    }

    public bool IsSameAs(PathTrail other) =>
        Home == other.Home && Listed == other.Listed && _names.SequenceEqual(other._names);

    private void Follow(string path, bool isFile)
    {
        var folder = Path.GetPathRoot(path)!;
        var ahead = new Stack<string>();
        Push(ahead, path[folder.Length..]);
        var links = 0;
        while (ahead.TryPop(out var name))
        {
            if (name == "..")
            {
                folder = Path.GetDirectoryName(folder) ?? folder;
                continue;
            }

            // The target of a link goes before the rest: the first time that nothing is left, this is the last
            // component as written.
            Home ??= isFile && ahead.Count == 0 ? folder : null;
            var next = new WatchedName(folder, name);
            if (LinkTarget(next.Path) is { } target)
            {
                _names.Add(next);
                if (++links > MaxLinks)
                {
                    return;
                }

                folder = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : folder;
                Push(ahead, target[(Path.GetPathRoot(target) ?? "").Length..]);
            }
            else if (Directory.Exists(next.Path) && !(isFile && ahead.Count == 0))
            {
                folder = next.Path;
            }
            else
            {
                _names.Add(next);
                return;
            }
        }

        Listed = isFile ? null : folder;
    }

    private static void Push(Stack<string> ahead, string path)
    {
        char[] separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];
        foreach (var name in path.Split(separators, StringSplitOptions.RemoveEmptyEntries).Reverse())
        {
            if (name != ".")
            {
                ahead.Push(name);
            }
        }
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A path that cannot be examined is watched by its name, like one that does not exist.
            return null;
        }
    }
}
