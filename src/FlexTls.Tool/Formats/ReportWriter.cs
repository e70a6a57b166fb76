namespace FlexTls;

/// <summary>Writes a report in a format.</summary>
internal static class ReportWriter
{
    private const string Json = "json";
    private const string Sarif = "sarif";
    private const string GitHub = "github";

    /// <summary>The formats; the first is the default.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["text", Json, Sarif, GitHub];

    public static void Write(Terminal terminal, CheckReport report, string format)
    {
        switch (format)
        {
            case Json:
                terminal.WriteLine(JsonReport.Of(report));
                break;
            case Sarif:
                terminal.WriteLine(SarifReport.Of(report));
                break;
            case GitHub:
                GitHubReport.Write(terminal, report);
                break;
            default:
                TextReport.Write(terminal, report);
                break;
        }
    }
}
