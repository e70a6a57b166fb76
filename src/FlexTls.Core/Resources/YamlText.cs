namespace FlexTls;

/// <summary>A policy text and its name, with the lines that messages need.</summary>
internal sealed class YamlText
{
    private const int LongestLook = 256;
    private const char ByteOrderMark = '\uFEFF';

    private readonly Lazy<string[]> _lines;

    public YamlText(string text, string? fileName)
    {
        // A byte order mark would become part of a key: at the beginning, and where two files were joined.
        Text = text.Contains(ByteOrderMark) ? WithoutMarks(text) : text;
        FileName = fileName;
        _lines = new(() => Text.ReplaceLineEndings("\n").Split('\n'));
    }

    public string Text { get; }

    public string? FileName { get; }

    /// <summary>A line, counted from 1; empty outside the text.</summary>
    public string Line(int number) => number >= 1 && number <= _lines.Value.Length ? _lines.Value[number - 1] : "";

    /// <summary>The indentation of the first line at or after <paramref name="number"/> that is not blank.</summary>
    public int IndentFrom(int number)
    {
        var first = _lines.Value.Skip(number - 1).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line)) ?? "";
        return first.Length - first.AsSpan().TrimStart(' ').Length;
    }

    public bool IsIndentedByTab(int number) => Line(number).AsSpan().TrimStart(' ').StartsWith('\t');

    /// <summary>
    /// Whether a line is indented by a blank that is not a space, such as a no-break space from a web page, or has one
    /// after the colon of its key.
    /// </summary>
    public bool HasStrangeBlank(int number)
    {
        var line = Start(number);
        var colon = line.IndexOf(':', StringComparison.Ordinal) + 1;
        return IsStrange(line.AsSpan().TrimStart(' ')) || IsStrange(line.AsSpan(colon));
    }

    /// <summary>The part of a line that is searched for faults; limited, because a text may be one long line.</summary>
    public string Start(int number) =>
        Line(number) is { Length: > LongestLook } line ? line[..LongestLook] : Line(number);

    /// <summary>Whether a text begins with a blank that is neither a space nor a tab.</summary>
    public static bool IsStrange(ReadOnlySpan<char> text) =>
        text is [var first, ..] && first is not (' ' or '\t') && char.IsWhiteSpace(first);

    /// <summary>The first line at or after <paramref name="number"/> that is indented by a tab, or 0.</summary>
    public int FindTabIndentFrom(int number)
    {
        for (var i = Math.Max(number, 1); i <= _lines.Value.Length; i++)
        {
            if (IsIndentedByTab(i))
            {
                return i;
            }
        }

        return 0;
    }

    private static string WithoutMarks(string text) =>
        (text[0] == ByteOrderMark ? text[1..] : text).Replace("\n\uFEFF", "\n", StringComparison.Ordinal);
}
