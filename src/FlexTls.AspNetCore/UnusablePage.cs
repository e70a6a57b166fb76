namespace FlexTls;

/// <summary>The page if the policies cannot be used.</summary>
internal static class UnusablePage
{
    public static ValueTask WriteAsync(
        PageWriter page, IReadOnlyList<TlsPolicyDiagnostic> faults, CancellationToken ct)
    {
        PageFrame.Begin(page, "Outbound TLS: the policies cannot be used");
        page.Write($"""
            <header>
            <h1>Outbound TLS</h1>
            <p class="muted">{page.Now}</p>
            </header>
            <main>
            <p class="lead"><span class="badge bad">Unusable</span>
            The policies cannot be used. No policy is in force.</p>

            """);
        FaultSection.Write(page, faults);
        page.Write($"</main>\n");
        PageFrame.End(page);
        return page.FlushAsync(ct);
    }
}
