using System.Globalization;

namespace FlexTls;

/// <summary>Annotations that a GitHub workflow shows beside the changed lines.</summary>
internal static class GitHubReport
{
    public static void Write(Terminal terminal, CheckReport report)
    {
        foreach (var finding in report.Findings)
        {
            var command = finding.Severity switch
            {
                TlsPolicyDiagnosticSeverity.Error => "error",
                TlsPolicyDiagnosticSeverity.Warning => "warning",
                _ => "notice",
            };
            terminal.WriteLine(
                $"::{command} {PlaceOf(finding)}title={finding.Code}::{Escape(finding.Message)}");
        }
    }

    private static string PlaceOf(TlsPolicyDiagnostic finding) => finding.FileName is not { } file ? ""
        : finding.Line == 0 ? $"file={EscapeProperty(file)},"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"file={EscapeProperty(file)},line={finding.Line},col={Math.Max(finding.Column, 1)},");

    private static string Escape(string text) => text.Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string EscapeProperty(string text) => Escape(SafeText.Of(text))
        .Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
