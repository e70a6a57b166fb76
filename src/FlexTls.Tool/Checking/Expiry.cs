using System.Globalization;

namespace FlexTls;

/// <summary>Certificates that expire soon, which a program reports only as the days go by.</summary>
internal static class Expiry
{
    /// <summary>The code of the finding; docs/tool.md describes it.</summary>
    public const string Code = "FTLS8001";

    public static IEnumerable<TlsPolicyDiagnostic> Of(UpstreamTlsStatus upstream, DateTimeOffset now)
    {
        // What has expired is a finding of the context.
        if (upstream is { ExpiresSoon: true, FirstExpiry: { } first } && first.NotAfter > now)
        {
            yield return new TlsPolicyDiagnostic(
                Code, TlsPolicyDiagnosticSeverity.Warning,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"upstream '{upstream.Name}': '{first.Subject}' expires at {first.NotAfter:u}; renew it."),
                upstream.FileName, upstream.Line, upstream.Line > 0 ? 1 : 0);
        }
    }
}
