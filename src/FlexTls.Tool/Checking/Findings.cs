namespace FlexTls;

/// <summary>The findings of the command alone; docs/tool.md describes their codes.</summary>
internal static class Findings
{
    /// <summary>A certificate expires soon.</summary>
    public const string ExpiresSoon = "FTLS8001";

    /// <summary>A policy is for a Service that the files do not describe.</summary>
    public const string UnknownService = "FTLS8002";

    /// <summary>A variable is not set, so that policies were only read.</summary>
    public const string NotFullyChecked = "FTLS8003";

    /// <summary>A warning at the place of a policy.</summary>
    public static TlsPolicyDiagnostic Warning(string code, UpstreamTlsStatus upstream, string message) => new(
        code, TlsPolicyDiagnosticSeverity.Warning, $"upstream '{upstream.Name}': {message}", upstream.FileName,
        upstream.Line, upstream.Line > 0 ? 1 : 0);
}
