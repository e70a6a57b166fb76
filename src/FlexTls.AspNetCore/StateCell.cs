namespace FlexTls;

/// <summary>The state of an upstream, and the first reason for it; all of them are in the details.</summary>
internal static class StateCell
{
    public static void Write(PageWriter page, UpstreamTlsStatus upstream)
    {
        var state = upstream.State;
        page.Write($"<span class=\"badge {StateWords.ClassOf(state)}\">{StateWords.Of(state)}</span>");
        if (!upstream.Settings.ValidatesServerCertificate)
        {
            page.Write($" <span class=\"badge warn\">Server not validated</span>");
        }

        if (upstream.Settings.AllowsPlainHttp)
        {
            page.Write($" <span class=\"badge warn\">Plain HTTP allowed</span>");
        }

        if (StateWords.IsNotSent(upstream))
        {
            page.Write($" <span class=\"badge warn\">Client certificate not sent</span>");
        }

        if (upstream.FailingCode is { } code)
        {
            var last = upstream.Failures.FirstOrDefault(failure => failure.Code == code)?.LastAt ?? page.Now;
            page.Write($" <span class=\"badge bad\">Last connection failed</span>");
            page.Write($"<small>{code}, {Durations.Ago(last, page.Now)}; see Details</small>");
        }

        if (upstream.Degradation is { } degradation)
        {
            page.Write($"<small>for {Durations.InWords(page.Now - degradation.Since)}: ");
            WriteFirst(page, [.. degradation.Diagnostics.Select(fault => $"{fault.Code} {fault.Message}")]);
        }
        else if (upstream.Wait is { } wait)
        {
            page.Write($"<small>a change takes effect {Durations.In(wait.Until, page.Now)}: ");
            WriteFirst(page, wait.Reasons);
        }
        else if (upstream.Weakening is { } weakening)
        {
            page.Write($"<small>");
            WriteFirst(page, weakening.Reasons);
        }
    }

    private static void WriteFirst(PageWriter page, IReadOnlyList<string> reasons)
    {
        ValueList.Write(page, reasons.Take(1));
        if (reasons.Count > 1)
        {
            page.Write($" and {reasons.Count - 1} more");
        }

        page.Write($"</small>");
    }
}
