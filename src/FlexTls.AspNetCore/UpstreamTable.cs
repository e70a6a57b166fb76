namespace FlexTls;

/// <summary>
/// The table of the upstreams: a group of two rows for each, the second with its details. The roles are written out,
/// because rows that are laid out as cards would otherwise no longer be a table for a screen reader.
/// </summary>
internal static class UpstreamTable
{
    private static readonly string[] Columns =
        ["Upstream", "State", "Client certificate", "First expiry", "Last handshake", "Connections", "Last hour"];

    public static void Begin(PageWriter page, int count, UpstreamTlsState? filter)
    {
        page.Write($"""
            <section aria-labelledby="upstreams">
            <h2 id="upstreams">Upstreams</h2>

            """);
        if (count == 0)
        {
            page.Write($"<p>{(filter is null ? "No upstream has a policy." : "No upstream is in this state.")}</p>\n");
            return;
        }

        page.Write($"""
            <table role="table" aria-labelledby="caption">
            <caption id="caption">
            """);
        page.Write($"{Durations.Count(count, "upstream")}{(filter is { } state ? $": {StateWords.Of(state)}" : "")}");
        page.Write($"</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">");
        foreach (var column in Columns)
        {
            page.Write($"<th role=\"columnheader\" scope=\"col\">{column}</th>");
        }

        page.Write($"</tr></thead>\n");
    }

    public static void Write(PageWriter page, UpstreamTlsStatus upstream)
    {
        page.Write($"<tbody role=\"rowgroup\" class=\"{StateWords.ClassOf(upstream, page.Now)}\">\n<tr role=\"row\">");
        NameCell.Write(page, upstream);
        BeginCell(page, 1);
        StateCell.Write(page, upstream);
        BeginCell(page, 2);
        IdentityCell.Write(page, upstream);
        BeginCell(page, 3);
        ExpiryCell.Write(
            page, upstream.FirstExpiry, upstream.ExpiresSoon, upstream.Settings.ClientCertificate?.Subject);
        BeginCell(page, 4);
        HandshakeCell.Write(page, upstream.LastHandshake, hasConnections: upstream.OpenConnections > 0);
        BeginCell(page, 5);
        page.Write($"{upstream.OpenConnections} open");
        if (upstream.DrainingConnections > 0)
        {
            page.Write($"<small>{upstream.DrainingConnections} draining</small>");
        }

        BeginCell(page, 6);
        HistoryCell.Write(page, upstream.LastHour);
        page.Write($"</td></tr>\n<tr role=\"row\" class=\"more\"><td role=\"cell\" colspan=\"{Columns.Length}\">");
        UpstreamDetails.Write(page, upstream);
        page.Write($"</td></tr>\n</tbody>\n");
    }

    public static void End(PageWriter page, int count)
    {
        if (count > 0)
        {
            page.Write($"</table>\n");
        }

        page.Write($"</section>\n");
    }

    /// <summary>Ends the cell before, and begins one that knows its column, for the narrow layout.</summary>
    private static void BeginCell(PageWriter page, int column) =>
        page.Write($"</{(column == 1 ? "th" : "td")}><td role=\"cell\" data-column=\"{Columns[column]}\">");
}
