using Spectre.Console;

namespace FlexTls;

/// <summary>Differences, the weaker first.</summary>
internal static class DifferencesTable
{
    public static void Write(Terminal terminal, IReadOnlyList<Difference> differences)
    {
        if (differences.Count == 0)
        {
            terminal.WriteLine("nothing changes");
            return;
        }

        var table = new Table().NoBorder();
        table.AddColumn(new TableColumn("effect").NoWrap());
        table.AddColumn(new TableColumn("key").NoWrap());
        table.AddColumn(new TableColumn("before"));
        table.AddColumn(new TableColumn("after"));
        foreach (var one in differences)
        {
            table.AddRow(
                new Text(one.Effect.ToString().ToLowerInvariant(), new Style(ColorOf(one.Effect))), new Text(one.Name),
                new Text(one.Before), new Text(one.After));
        }

        terminal.Write(table);
    }

    private static Color ColorOf(Effect effect) => effect switch
    {
        Effect.Weaker => Color.Red,
        Effect.Stronger => Color.Green,
        _ => Color.Default,
    };
}
