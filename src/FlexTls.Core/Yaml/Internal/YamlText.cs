namespace FlexTls.Yaml;

/// <summary>A policy text and its name, with the lines that messages need.</summary>
internal sealed class YamlText
{
    private string[]? _lines;

    public YamlText(string text, string? fileName)
    {
        // A byte order mark would become part of the first key.
        Text = text.StartsWith('\uFEFF') ? text[1..] : text;
        FileName = fileName;
    }

    public string Text { get; }

    public string? FileName { get; }

    /// <summary>A line, counted from 1; empty outside the text.</summary>
    public string Line(int number)
    {
        _lines ??= Text.ReplaceLineEndings("\n").Split('\n');
        return number >= 1 && number <= _lines.Length ? _lines[number - 1] : "";
    }

    /// <summary>The indentation of the first line at or after <paramref name="number"/> that is not blank.</summary>
    public int IndentFrom(int number)
    {
        for (var i = number; ; i++)
        {
            var line = Line(i);
            if (!string.IsNullOrWhiteSpace(line) || i > _lines!.Length)
            {
                return line.Length - line.AsSpan().TrimStart(' ').Length;
            }
        }
    }
}
