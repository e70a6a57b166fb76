namespace FlexTls;

/// <summary>The page of a status.</summary>
internal static class StatusPage
{
    public static async ValueTask WriteAsync(
        PageWriter page, OutboundTlsStatus status, UpstreamTlsState? filter, CancellationToken ct)
    {
        PageFrame.Begin(page, TitleOf(status));
        SummarySection.Write(page, status, filter);
        page.Write($"<main>\n");
        FaultSection.Write(page, status.Faults);
        var shown = status.Upstreams.Where(upstream => filter is null || upstream.State == filter)
            .OrderBy(upstream => StateWords.UrgencyOf(upstream, page.Now)).ToList();
        UpstreamTable.Begin(page, shown.Count, filter);
        foreach (var upstream in shown)
        {
            UpstreamTable.Write(page, upstream);
            await page.FlushPieceAsync(ct).ConfigureAwait(false);
        }

        UpstreamTable.End(page, shown.Count);
        page.Write($"</main>\n");
        PageFrame.End(page);
        await page.FlushAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Short, for the tab of a browser.</summary>
    private static string TitleOf(OutboundTlsStatus status)
    {
        var degraded = status.Upstreams.Count(upstream => upstream.State == UpstreamTlsState.Degraded);
        var failing = status.Upstreams.Count(upstream => upstream.IsFailing);
        return degraded > 0 ? $"Outbound TLS: {degraded} degraded"
            : status.IsDegraded ? "Outbound TLS: degraded"
            : failing > 0 ? $"Outbound TLS: {failing} failing"
            : "Outbound TLS";
    }
}
