using FlexTls;

namespace QuickStart;

/// <summary>Text for a terminal: headings, aligned columns, and long lines that go on indented.</summary>
internal static class Page
{
    private const int Width = 110;
    private const string Margin = "  ";

    public static void Heading(string text) => Console.WriteLine($"\n{text}");

    /// <summary>Text as it stands.</summary>
    public static void Line(string text) => Console.WriteLine(Margin + text);

    /// <summary>Text that goes on in the next line, indented, where it is too long for one.</summary>
    public static void Paragraph(string text) => Print("", text, indent: 4);

    public static void Diagnostics(IEnumerable<TlsPolicyDiagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            // The folder of the file is not worth its place in the line.
            var text = diagnostic with { FileName = Path.GetFileName(diagnostic.FileName) };
            Paragraph(text.ToString());
        }
    }

    /// <summary>Rows whose columns are as wide as the widest cell; the last one goes on below itself where it is too long.</summary>
    public static void Table(IReadOnlyList<string[]> rows)
    {
        foreach (var row in rows)
        {
            var head = row.SkipLast(1).Select((cell, column) => cell.PadRight(rows.Max(other => other[column].Length)) + Margin);
            Print(string.Concat(head), row[^1]);
        }
    }

    private static void Print(string head, string text, int indent = 0)
    {
        var start = Margin.Length + head.Length;
        Line(head + string.Join('\n' + new string(' ', start + indent), Wrap(text, Width - start, indent)));
    }

    private static List<string> Wrap(string text, int width, int indent)
    {
        var lines = new List<string>();
        foreach (var word in text.Split(' '))
        {
            var room = lines.Count > 1 ? width - indent : width;
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= room)
            {
                lines[^1] += $" {word}";
            }
            else
            {
                lines.Add(word);
            }
        }

        return lines;
    }
}
