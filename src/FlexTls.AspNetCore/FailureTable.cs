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
            <div class="wide"><table class="failures">
            <caption>Failures by code</caption>
            <thead><tr><th scope="col">Code</th><th scope="col">Count</th><th scope="col">First</th>
            <th scope="col">Last</th><th scope="col">Last message</th></tr></thead>
            <tbody>

            """);
        foreach (var failure in failures)
        {
            page.Write($"<tr><th scope=\"row\">{failure.Code}</th><td>{failure.Count}</td><td>{failure.First}</td>");
            page.Write($"<td>{failure.Last}</td><td><bdi>{failure.Message}</bdi></td></tr>\n");
        }

        page.Write($"</tbody>\n</table></div>\n");
    }
}
