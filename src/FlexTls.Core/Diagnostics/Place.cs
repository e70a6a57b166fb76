namespace FlexTls;

/// <summary>
/// The place of a value: its name in messages (<c>spec.config.minversion</c> in YAML, <c>MinVersion</c> in code) and,
/// for text, file, line and column.
/// </summary>
internal sealed record Place
{
    /// <param name="path">The name in messages.</param>
    /// <param name="fileName">The file; <see langword="null"/>: none.</param>
    /// <param name="line">The line, counted from 1; 0: none.</param>
    /// <param name="column">The column, counted from 1; 0: none.</param>
    public Place(string path, string? fileName = null, int line = 0, int column = 0) =>
        (Path, FileName, Line, Column) =
            (path, fileName is null ? null : Shown(fileName), line, column);

    public string Path { get; init => field = Text.FirstLine(value); }

    public string? FileName { get; }

    public int Line { get; init; }

    public int Column { get; init; }

    /// <summary>
    /// The first line of a literal block scalar's content; 0 if the lines of the value are not lines of the file.
    /// </summary>
    public int ContentLine { get; init; }

    /// <summary>Indentation of a literal block scalar's content.</summary>
    public int ContentIndent { get; init; }

    /// <summary>A name of several lines is a policy's text that was passed in place of its path.</summary>
    private static string Shown(string fileName) =>
        Text.WithoutKeys(fileName.AsSpan().Count('\n') > 1 ? Text.FirstLine(fileName) : fileName);

    /// <summary>The place of a line (counted from 0) inside this value, as exactly as the text allows.</summary>
    public Place AtLine(int line) =>
        ContentLine == 0 ? this : this with { Line = ContentLine + line, Column = ContentIndent + 1, ContentLine = 0 };

    /// <summary>The path as the beginning of a message; empty if a file and a line say where.</summary>
    public string Lead => FileName is null && Path.Length > 0 ? $"{Path}: " : "";
}
