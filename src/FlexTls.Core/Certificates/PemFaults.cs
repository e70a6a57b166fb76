namespace FlexTls;

/// <summary>Describes the faults of unreadable PEM text without quoting any of it: it may be a private key.</summary>
internal static class PemFaults
{
    private const string Joined = "two files were joined without a line break between them: put one between the END "
        + "line and the BEGIN line after it";

    // Hyphens, and the characters that word processors substitute for two or three of them.
    private static readonly char[] DashLike = ['-', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015',
        '\u2212'];

    /// <summary>The fault of a line outside the blocks; <see langword="null"/>: it is explanatory text.</summary>
    public static string? OfLine(string[] lines, int index)
    {
        var line = lines[index];
        if (line.StartsWith('#'))
        {
            return null;
        }

        if (IsJoined(line))
        {
            return Joined;
        }

        if (line.StartsWith(PemText.End, StringComparison.Ordinal))
        {
            return "an END line has no BEGIN line before it: copy the whole PEM block";
        }

        if (line.Contains(PemText.Begin, StringComparison.Ordinal)
            || line.Contains("-----BEGIN%20", StringComparison.Ordinal))
        {
            return OfBeginLine(line);
        }

        // Elsewhere, a line of dashes is a separator.
        if (index == lines.Length - 1 && line.Length > 0 && PemText.Begin.StartsWith(line, StringComparison.Ordinal))
        {
            return "the text ends within a line of dashes: it is cut off, or a ruler stands at its end without a "
                + "line break";
        }

        return IsAlmostPem(line)
            ? "a BEGIN or END line is damaged: it has five hyphens on either side and capital letters between "
                + "them" : null;
    }

    /// <summary>The fault of a block whose END line is not where it must be.</summary>
    /// <param name="lines">All lines.</param>
    /// <param name="begin">The block's BEGIN line.</param>
    /// <param name="end">The next line that begins with dashes; negative: there is none.</param>
    public static string OfEnd(string[] lines, int begin, int end)
    {
        foreach (var line in lines.AsSpan(begin + 1, (end < 0 ? lines.Length : end) - begin - 1))
        {
            if (line.Contains(PemText.End, StringComparison.Ordinal))
            {
                return OfBodyLine(line);
            }
        }

        return end < 0 ? "a BEGIN line has no END line after it: the block is cut off"
            : IsJoined(lines[end]) ? Joined
            : lines[end].StartsWith(PemText.Begin, StringComparison.Ordinal)
                ? "a block begins before the one above it has ended: that one is cut off"
            : lines[end].StartsWith(PemText.End, StringComparison.Ordinal)
                ? "the END line of a block does not belong to its BEGIN line: the block is cut off or mixed up"
            : "there is a line of dashes within a block: the block is damaged";
    }

    /// <summary>The fault of a line within a block that is not base64.</summary>
    public static string OfBodyLine(string line) =>
        IsJoined(line) ? Joined
        : line.Contains(PemText.End, StringComparison.Ordinal) ? "the line break before an END line was lost"
        : "a line within a block is not base64: the block is damaged";

    private static string OfBeginLine(string line) =>
        line is ['"' or '\'', ..] ? "the quotes around the text are part of the value: remove them"
        : line.Contains(@"\n", StringComparison.Ordinal)
            ? @"'\n' is written out where it is not a line break: write real line breaks, or put the text in double "
            + @"quotes in YAML"
        : line.Contains("%20", StringComparison.Ordinal)
            || line.Contains("%0A", StringComparison.OrdinalIgnoreCase)
            ? "the text is encoded as in a URL ('%20', '%0A'): decode it"
        : line.Contains(PemText.End, StringComparison.Ordinal)
            ? @"its line breaks were lost: restore them, in YAML by a literal block ('key: |' and the lines below "
                + @"it), in JSON and variables by '\n'"
        : line.StartsWith(PemText.Begin, StringComparison.Ordinal) ? "a BEGIN line is cut off or damaged"
        : "there is text before a BEGIN line, perhaps because two files were joined without a line break: put one "
            + "before the BEGIN line";

    private static bool IsJoined(string line)
    {
        var end = line.IndexOf(PemText.End, StringComparison.Ordinal);
        return end >= 0 && line.IndexOf(PemText.Begin, end, StringComparison.Ordinal) > end;
    }

    /// <summary>Whether the words between any dashes are those of a PEM boundary; comments use other words.</summary>
    private static bool IsAlmostPem(string line)
    {
        var words = line.AsSpan().Trim(DashLike).Trim();
        foreach (var keyword in (string[])["BEGIN ", "END "])
        {
            if (words.Length < line.Length && words.StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
            {
                return PemBlock.IsLabel(words[keyword.Length..].Trim().ToString());
            }
        }

        return false;
    }
}
