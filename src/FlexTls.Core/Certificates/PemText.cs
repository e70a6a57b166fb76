namespace FlexTls;

/// <summary>
/// Splits PEM text into lines, whatever its form: with any line breaks or with <c>\n</c> written out, with the byte
/// order marks of joined files, with any indentation.
/// </summary>
internal static class PemText
{
    public const string Begin = "-----BEGIN ";
    public const string End = "-----END ";
    public const string Dashes = "-----";

    private const char ByteOrderMark = '\uFEFF';

    /// <summary>The form of a value: together with the text it determines the lines.</summary>
    public static string FormOf(Place place) => IsWrittenInLines(place) ? "lines" : "text";

    /// <summary>The lines, without the blanks around them.</summary>
    public static string[] Lines(string text, Place place)
    {
        var lines = (IsWrittenInLines(place) ? text : WithLineBreaks(text)).ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = lines[i].Trim().TrimStart(ByteOrderMark).TrimStart();
        }

        return lines;
    }

    /// <summary>Whether the lines are lines of a policy file, in which <c>\n</c> is not a line break.</summary>
    private static bool IsWrittenInLines(Place place) => place.ContentLine > 0;

    /// <summary>The label of a BEGIN line; <see langword="null"/>: it is not a complete BEGIN line.</summary>
    public static string? LabelOf(string line)
    {
        if (line.Length <= Begin.Length + Dashes.Length
            || !line.StartsWith(Begin, StringComparison.Ordinal)
            || !line.EndsWith(Dashes, StringComparison.Ordinal))
        {
            return null;
        }

        var label = line[Begin.Length..^Dashes.Length];
        return label.StartsWith('-') || label.EndsWith('-') || label.Contains(Dashes, StringComparison.Ordinal)
            ? null : label;
    }

    // Other PEM text never has a backslash after the dashes.
    private static string WithLineBreaks(string text) =>
        text.Contains(Dashes + @"\n", StringComparison.Ordinal)
            || text.Contains(Dashes + @"\r", StringComparison.Ordinal)
            ? text.Replace(@"\r", "", StringComparison.Ordinal).Replace(@"\n", "\n", StringComparison.Ordinal)
            : text;
}
