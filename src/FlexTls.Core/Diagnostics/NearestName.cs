namespace FlexTls;

/// <summary>Finds the most likely intended name for a misspelled one.</summary>
internal static class NearestName
{
    private const int MostEditsOfKey = 3;

    /// <summary>The most likely intended key for an unknown one, and the suggestion as the end of a message.</summary>
    /// <param name="written">The key as written.</param>
    /// <param name="known">The keys that are known at its place.</param>
    /// <param name="path">The path of its mapping.</param>
    /// <param name="separator">The separator between the names of a path.</param>
    public static (string? Nearest, string Hint) OfKey(
        string written, IReadOnlyCollection<string> known, string path, char separator)
    {
        if (KeySynonyms.Of(written, known, path, separator) is { } synonym)
        {
            return synonym;
        }

        var nearest = Find(written, known, MostEditsOfKey);
        var hint = nearest is null
            ? $"known keys here: {string.Join(", ", known.Order(StringComparer.Ordinal))}."
            : $"did you mean {nearest}?";
        return (nearest, hint);
    }

    /// <summary>
    /// The nearest of <paramref name="names"/> within <paramref name="atMost"/> edits, or <see langword="null"/>.
    /// </summary>
    public static string? Find(string written, IEnumerable<string> names, int atMost) =>
        names.Where(name => Edits(written, name, atMost) <= atMost).MinBy(name => Edits(written, name, atMost));

    /// <summary>
    /// The number of insertions, deletions, replacements and swaps of neighbors between two names, letter case
    /// aside. Counting stops past <paramref name="atMost"/>, so that a hostile text costs nothing.
    /// </summary>
    public static int Edits(string left, string right, int atMost)
    {
        if (string.Equals(left, right, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        if (Math.Abs(left.Length - right.Length) > atMost)
        {
            return atMost + 1;
        }

        var beforeLast = new int[right.Length + 1];
        var last = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            var least = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                var edits = Math.Min(Math.Min(current[j - 1], last[j]) + 1, last[j - 1] + cost);
                var swapped = i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]);
                current[j] = swapped ? Math.Min(edits, beforeLast[j - 2] + 1) : edits;
                least = Math.Min(least, current[j]);
            }

            if (least > atMost)
            {
                return atMost + 1;
            }

            (beforeLast, last, current) = (last, current, beforeLast);
        }

        return last[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
