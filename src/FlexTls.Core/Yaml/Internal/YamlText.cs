namespace FlexTls.Yaml;

/// <summary>A policy text and its name, with the lines that messages need.</summary>
internal sealed class YamlText
{
    private readonly Lazy<string[]> _lines;

    public YamlText(string text, string? fileName)
    {
        // A byte order mark would become part of the first key.
        Text = text.StartsWith('\uFEFF') ? text[1..] : text;
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
}
