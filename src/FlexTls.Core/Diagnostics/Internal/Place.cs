namespace FlexTls.Diagnostics;

/// <summary>
/// Where a value was written: the words that name it in a message (<c>spec.config.minversion</c> in YAML,
/// <c>MinVersion</c> in code) and, for text, file, line and column.
/// </summary>
internal sealed record Place(string Path, string? FileName = null, int Line = 0, int Column = 0)
{
    /// <summary>First line of a literal block scalar's content; 0 where lines of the value are not lines of the file.</summary>
    public int ContentLine { get; init; }

    /// <summary>Indentation of a literal block scalar's content.</summary>
    public int ContentIndent { get; init; }

    /// <summary>The place of a line (counted from 0) inside this value, as exactly as the text allows.</summary>
    public Place AtLine(int line) =>
        ContentLine == 0 ? this : this with { Line = ContentLine + line, Column = ContentIndent + 1, ContentLine = 0 };
}
