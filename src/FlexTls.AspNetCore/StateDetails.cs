namespace FlexTls;

/// <summary>Every reason for the state of an upstream: several states may apply at once.</summary>
internal static class StateDetails
{
    public static void Write(PageWriter page, UpstreamTlsStatus upstream)
    {
        if (upstream.Degradation is { } degradation)
        {
            page.Write($"<h3>Degraded</h3>\n<p>Since {degradation.Since} ");
            page.Write($"({Durations.Ago(degradation.Since, page.Now)}).</p>\n");
            FindingList.Write(page, degradation.Diagnostics);
        }

        if (upstream.Wait is { } wait)
        {
            page.Write($"<h3>Waiting</h3>\n<p>Since {wait.Since}. Takes effect at {wait.Until} ");
            page.Write($"({Durations.In(wait.Until, page.Now)}) if nothing changes before then.</p>\n");
            WriteReasons(page, wait.Reasons);
        }

        if (upstream.Weakening is { } weakening)
        {
            page.Write($"<h3>Weakened</h3>\n<p>Since {weakening.Since} ({Durations.Ago(weakening.Since, page.Now)}), ");
            page.Write($"the policy in force has been weaker than the last confirmed one. ");
            page.Write($"Reloading the policies (ReloadAsync) confirms it, together with every other upstream, and ");
            page.Write($"puts waiting changes in force at once.</p>\n");
            WriteReasons(page, weakening.Reasons);
        }
    }

    private static void WriteReasons(PageWriter page, IReadOnlyList<string> reasons)
    {
        page.Write($"<ul>\n");
        foreach (var reason in reasons)
        {
            page.Write($"<li><bdi>{reason}</bdi></li>\n");
        }

        page.Write($"</ul>\n");
    }
}
