using System.Globalization;

namespace FlexTls;

/// <summary>A list of findings.</summary>
internal static class FindingList
{
    public static void Write(PageWriter page, IEnumerable<TlsPolicyDiagnostic> findings)
    {
        page.Write($"<ul class=\"findings\">\n");
        foreach (var finding in findings)
        {
            var look = finding.Severity switch
            {
                TlsPolicyDiagnosticSeverity.Error => "bad",
                TlsPolicyDiagnosticSeverity.Warning => "warn",
                _ => "info",
            };
            page.Write($"<li><span class=\"badge {look}\">{finding.Severity.ToString()} {finding.Code}</span> ");
            page.Write($"<bdi class=\"place\">{PlaceOf(finding)}</bdi> <bdi>{finding.Message}</bdi></li>\n");
        }

        page.Write($"</ul>\n");
    }

    /// <summary>The place as compilers write it, empty if there is none.</summary>
    private static string PlaceOf(TlsPolicyDiagnostic finding) => finding.Line > 0
        ? string.Create(
            CultureInfo.InvariantCulture, $"{finding.FileName ?? "policy"}({finding.Line},{finding.Column})")
        : finding.FileName ?? "";
}
