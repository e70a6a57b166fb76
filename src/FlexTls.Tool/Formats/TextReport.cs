using System.Globalization;
using Spectre.Console;

namespace FlexTls;

/// <summary>One line for each finding, in the form that compilers use, and a summary.</summary>
internal static class TextReport
{
    public static void Write(Terminal terminal, CheckReport report)
    {
        foreach (var finding in report.Findings)
        {
            var line = finding.ToString();
            var word = WordOf(finding.Severity);
            var at = Math.Max(0, line.IndexOf($"{word} {finding.Code}: ", StringComparison.Ordinal));
            var end = Math.Min(at + word.Length, line.Length);
            terminal.WriteLine(line[..at], line[at..end], line[end..], ColorOf(finding.Severity));
        }

        terminal.WriteLine(Summary(report));
    }

    private static string WordOf(TlsPolicyDiagnosticSeverity severity) => severity switch
    {
        TlsPolicyDiagnosticSeverity.Error => "error",
        TlsPolicyDiagnosticSeverity.Warning => "warning",
        _ => "info",
    };

    private static Color ColorOf(TlsPolicyDiagnosticSeverity severity) => severity switch
    {
        TlsPolicyDiagnosticSeverity.Error => Color.Red,
        TlsPolicyDiagnosticSeverity.Warning => Color.Yellow,
        _ => Color.Blue,
    };

    private static string Summary(CheckReport report)
    {
        var found = $"{Count(report.Errors, "error")}, {Count(report.Warnings, "warning")}";
        return report.Upstreams is { } upstreams ? $"{Count(upstreams, "upstream")}: {found}."
            : $"{found}.";
    }

    private static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
