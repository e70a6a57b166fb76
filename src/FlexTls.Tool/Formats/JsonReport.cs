using System.Text.Json;

namespace FlexTls;

/// <summary>A report as one JSON object.</summary>
internal static class JsonReport
{
    public static string Of(CheckReport report) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("errors", report.Errors);
        json.WriteNumber("warnings", report.Warnings);
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings)
        {
            Write(json, finding);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, TlsPolicyDiagnostic finding)
    {
        json.WriteStartObject();
        json.WriteString("code", finding.Code);
        json.WriteString("severity", finding.Severity.ToString().ToLowerInvariant());
        json.WriteString("message", finding.Message);
        json.WriteString("file", finding.FileName);
        json.WriteNumber("line", finding.Line);
        json.WriteNumber("column", finding.Column);
        json.WriteEndObject();
    }
}
