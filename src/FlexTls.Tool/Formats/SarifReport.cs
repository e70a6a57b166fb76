using System.Reflection;
using System.Text.Json;

namespace FlexTls;

/// <summary>A report in the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0).</summary>
internal static class SarifReport
{
    private const string Version = "2.1.0";

    public static string Of(CheckReport report) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("version", Version);
        json.WriteStartArray("runs");
        json.WriteStartObject();
        WriteTool(json, report);
        json.WriteStartArray("results");
        foreach (var finding in report.Findings)
        {
            WriteResult(json, finding);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteTool(Utf8JsonWriter json, CheckReport report)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "flextls");
        json.WriteString(
            "version", typeof(SarifReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                .InformationalVersion.Split('+')[0]);
        json.WriteStartArray("rules");
        foreach (var code in report.Findings.Select(finding => finding.Code).Distinct().Order(StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("id", code);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, TlsPolicyDiagnostic finding)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Code);
        json.WriteString("level", finding.Severity switch
        {
            TlsPolicyDiagnosticSeverity.Error => "error",
            TlsPolicyDiagnosticSeverity.Warning => "warning",
            _ => "note",
        });
        json.WriteStartObject("message");
        json.WriteString("text", finding.Message);
        json.WriteEndObject();
        if (finding.FileName is { } file)
        {
            WriteLocation(json, file, finding);
        }

        json.WriteEndObject();
    }

    private static void WriteLocation(Utf8JsonWriter json, string file, TlsPolicyDiagnostic finding)
    {
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", UriOf(file));
        json.WriteEndObject();
        if (finding.Line > 0)
        {
            json.WriteStartObject("region");
            json.WriteNumber("startLine", finding.Line);
            json.WriteNumber("startColumn", Math.Max(finding.Column, 1));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>A relative path is a relative reference (RFC 3986, section 4.2), whatever it contains.</summary>
    private static string UriOf(string file) => Path.IsPathRooted(file)
        ? new Uri(file).AbsoluteUri
        : string.Join('/', file.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));
}
