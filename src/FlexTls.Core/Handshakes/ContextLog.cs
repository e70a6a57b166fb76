using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>The log messages of contexts.</summary>
internal static partial class ContextLog
{
    public static void Created(ILogger logger, TlsInstruments instruments, ContextGeneration context)
    {
        var upstream = context.Name is null ? null : Text.OneLine(context.Name);
        ContextCreated(logger, upstream, context.Policy);
        foreach (var diagnostic in context.Diagnostics.Where(d => d.Severity == TlsPolicyDiagnosticSeverity.Warning))
        {
            ContextWarning(logger, upstream, diagnostic);
        }

        if (context.Policy.DangerousSkipValidation)
        {
            ValidationSkipped(logger, upstream);
            instruments.Weakened(context.Name, "skipValidation");
        }

        if (context.Policy.DangerousAllowPlainHttp)
        {
            PlainHttpAllowed(logger, upstream);
            instruments.Weakened(context.Name, "allowPlainHttp");
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "TLS context for upstream '{Upstream}': {Policy}")]
    private static partial void ContextCreated(ILogger logger, string? upstream, OutboundTlsPolicy policy);

    [LoggerMessage(2, LogLevel.Warning, "TLS context for upstream '{Upstream}': {Diagnostic}")]
    private static partial void ContextWarning(ILogger logger, string? upstream, TlsPolicyDiagnostic diagnostic);

    [LoggerMessage(
        3, LogLevel.Warning,
        "DANGEROUS: the server certificates of upstream '{Upstream}' are not validated (skipValidation), and no client "
        + "certificate is presented.")]
    private static partial void ValidationSkipped(ILogger logger, string? upstream);

    [LoggerMessage(
        4, LogLevel.Warning,
        "DANGEROUS: HTTP clients of upstream '{Upstream}' may make plain requests, http:// and ws://, without TLS "
        + "(allowPlainHttp).")]
    private static partial void PlainHttpAllowed(ILogger logger, string? upstream);
}
