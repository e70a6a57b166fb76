using Spectre.Console;

namespace FlexTls;

/// <summary>Settings in two columns, as wide as the terminal.</summary>
internal static class SettingsTable
{
    public static void Write(Terminal terminal, IEnumerable<Setting> settings)
    {
        var table = new Table().NoBorder().HideHeaders();
        table.AddColumn(new TableColumn("").NoWrap());
        table.AddColumn(new TableColumn(""));
        foreach (var setting in settings)
        {
            table.AddRow(new Text(setting.Name), Value(setting));
        }

        terminal.Write(table);
    }

    /// <summary>The origin stands behind a value of one line, or below it.</summary>
    private static Paragraph Value(Setting setting)
    {
        var value = new Paragraph(string.Join('\n', setting.Values));
        return setting.Origin.Length == 0 ? value
            : value.Append(setting.Values.Count == 1 ? "  " : "\n")
                .Append($"[{setting.Origin}]", new Style(decoration: Decoration.Dim));
    }
}
