namespace FlexTls;

/// <summary>
/// The folders that one listing has visited. Each is listed once, whatever links lead to it, so that the cost of links
/// is limited to their number. If the pattern distinguishes names or depths of folders, each is listed once for each of
/// these.
/// </summary>
internal sealed class FolderListing
{
    private const int MostEntries = 200_000;

    // If links lead in circles, a pattern with two '**' distinguishes an unlimited number of ways to one folder.
    private const int MostWays = 1_000;

    private readonly HashSet<string> _listed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly string _root;
    private readonly int _depth;
    private readonly int _names;
    private int _entries;
    private int _otherWays;

    /// <param name="root">The real path of the folder that the pattern is matched in.</param>
    /// <param name="pattern">The pattern: names of folders, and the name of the files at the end.</param>
    public FolderListing(string root, string pattern)
    {
        var folders = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries)[..^1];
        var (first, last) = (Array.FindIndex(folders, IsTree), Array.FindLastIndex(folders, IsTree));
        _root = Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar;
        _depth = first < 0 ? folders.Length : first;
        _names = first < 0 ? 0 : first == last ? folders.Length - last - 1 : int.MaxValue;
    }

    /// <summary>Whether a folder has not been listed yet.</summary>
    /// <param name="real">Its real path.</param>
    /// <param name="names">The folder names on the way to it, the last one first.</param>
    /// <exception cref="InvalidDataException">Links lead to the same folders in too many ways.</exception>
    public bool IsNew(string real, IEnumerable<string> names)
    {
        var way = names.ToList();
        var isNew = _listed.Add(string.Join('\n', [real, $"{Math.Min(way.Count, _depth)}", .. way.Take(_names)]));
        if (isNew && _names == int.MaxValue && !_folders.Add(real) && ++_otherWays > MostWays)
        {
            throw new InvalidDataException(
                $"links under it lead to the same folders in more than {MostWays} ways, "
                + "all of which a pattern with two '**' looks at; write only one '**'");
        }

        return isNew;
    }

    /// <summary>
    /// Whether a link leads to a folder that is also listed under its own name, which takes precedence.
    /// </summary>
    public bool IsListedAnyway(string real) => _depth == 0 && _names == 0
        && (real + Path.DirectorySeparatorChar).StartsWith(_root, StringComparison.Ordinal)
        && !real[Math.Min(_root.Length, real.Length)..].Split(Path.DirectorySeparatorChar).Any(IsCopy);

    /// <summary>
    /// A mounted volume keeps its files in folders whose names begin with '..', and links to them; only the links
    /// count.
    /// </summary>
    public static bool IsCopy(string name) => name.StartsWith("..", StringComparison.Ordinal);

    /// <exception cref="InvalidDataException">The listing has too many entries.</exception>
    public void Count()
    {
        if (++_entries > MostEntries)
        {
            throw new InvalidDataException(
                $"there are more than {MostEntries} entries under it; name a folder nearer to the files");
        }
    }

    private static bool IsTree(string name) => name.Contains("**", StringComparison.Ordinal);
}
