namespace FlexTls;

/// <summary>The failures of an upstream by code.</summary>
internal static class FailureTable
{
    public static void Write(PageWriter page, IReadOnlyList<UpstreamTlsFailure> failures)
    {
        if (failures.Count == 0)
        {
            return;
        }

        page.Write($"""
            <table class="failures">
            <caption>Failures by code</caption>
            <thead><tr><th scope="col">Code</th><th scope="col">Count</th><th scope="col">First</th>
            <th scope="col">Last</th><th scope="col">Last message</th></tr></thead>
            <tbody>

            """);
        foreach (var failure in failures)
        {
            page.Write($"<tr><th scope=\"row\">{failure.Code}</th><td data-column=\"Count\">{failure.Count}</td>");
            page.Write($"<td data-column=\"First\">{failure.FirstAt}</td>");
            page.Write($"<td data-column=\"Last\">{failure.LastAt}</td>");
            page.Write($"<td data-column=\"Last message\"><bdi>{failure.Message}</bdi></td></tr>\n");
        }

        page.Write($"</tbody>\n</table>\n");
    }
}
