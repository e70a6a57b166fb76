namespace FlexTls;

/// <summary>The findings in the policies, each with its place; those after the first 20 are folded away.</summary>
internal static class FaultSection
{
    private const int MostShown = 20;

    public static void Write(PageWriter page, IReadOnlyList<TlsPolicyDiagnostic> faults)
    {
        if (faults.Count == 0)
        {
            return;
        }

        page.Write($"""
            <section aria-labelledby="faults">
            <h2 id="faults">Faults</h2>

            """);
        FindingList.Write(page, faults.Take(MostShown));
        if (faults.Count > MostShown)
        {
            page.Write($"<details><summary>{faults.Count - MostShown} more</summary>\n");
            FindingList.Write(page, faults.Skip(MostShown));
            page.Write($"</details>\n");
        }

        page.Write($"</section>\n");
    }
}
