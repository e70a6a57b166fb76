namespace FlexTls;

/// <summary>The head of the page: how many upstreams are in which state, with links that show only those.</summary>
internal static class SummarySection
{
    public static void Write(PageWriter page, OutboundTlsStatus status, UpstreamTlsState? filter)
    {
        page.Write($"""
            <header>
            <h1>Outbound TLS</h1>
            <p class="muted">As of {page.Now}. Refresh the page for the current status.</p>
            <nav aria-label="Upstreams by state">
            <ul class="counts">

            """);
        WriteCount(page, "All", "all", null, status.Upstreams.Count, filter is null);
        foreach (var state in StateWords.ByUrgency)
        {
            var count = status.Upstreams.Count(upstream => upstream.State == state);
            if (count > 0 || state == filter)
            {
                WriteCount(page, StateWords.Of(state), StateWords.ClassOf(state), state, count, state == filter);
            }
        }

        page.Write($"</ul>\n</nav>\n</header>\n");
    }

    private static void WriteCount(
        PageWriter page, string words, string look, UpstreamTlsState? state, int count, bool isShown)
    {
        page.Write($"<li><a class=\"count {look}\" href=\"?{(state is null ? "" : $"{StateFilter.Key}={state}")}\"");
        if (isShown)
        {
            page.Write($" aria-current=\"page\"");
        }

        page.Write($"><b>{count}</b> {words}</a></li>\n");
    }
}
