namespace FlexTls;

/// <summary>
/// The path of a file or folder without links, which is the same whatever path leads there. Each link is followed from
/// its real location, as the system does.
/// </summary>
internal static class RealPath
{
    // Linux follows as many.
    private const int MostLinks = 40;

    /// <summary>
    /// Follows all links on a full path; <see langword="null"/> if there are too many, for example in a circle.
    /// </summary>
    public static string? Of(string path)
    {
        var real = Path.GetPathRoot(path)!;
        var ahead = new Stack<string>();
        Push(ahead, path[real.Length..]);
        for (var links = 0; ahead.TryPop(out var name);)
        {
            if (name == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, name);
            if (new DirectoryInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                return null;
            }

            var root = Path.GetPathRoot(target) ?? "";
            real = root.Length > 0 ? root : real;
            Push(ahead, target[root.Length..]);
        }

        return real;
    }

    private static void Push(Stack<string> ahead, string path)
    {
        char[] separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];
        var names = path.Split(separators, StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names.Reverse().Where(name => name != "."))
        {
            ahead.Push(name);
        }
    }
}
