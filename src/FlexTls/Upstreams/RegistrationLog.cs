using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>
/// The log messages about the registration as a whole. Names of clients and hosts may be any text, so they are kept on
/// one line.
/// </summary>
internal static partial class RegistrationLog
{
    /// <summary>Logs, once, the findings in policies that are used nevertheless.</summary>
    public static void Loaded(ILogger logger, IEnumerable<TlsPolicyDiagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            if (diagnostic.Severity == TlsPolicyDiagnosticSeverity.Warning)
            {
                PolicyWarning(logger, diagnostic);
            }
            else
            {
                PolicyInformation(logger, diagnostic);
            }
        }
    }

    /// <summary>A client may make plain requests.</summary>
    public static void PlainHttpAllowed(ILogger logger, string client) =>
        ClientAllowsPlainHttp(logger, Text.OneLine(client));

    /// <summary>The handler of a client is replaced, and no policy applies to the replacement.</summary>
    public static void HandlerReplaced(ILogger logger, string client) =>
        ClientHandlerReplaced(logger, Text.OneLine(client));

    /// <summary>The requests of a client are refused.</summary>
    public static void ClientRefused(ILogger logger, string client, TlsPolicyDiagnostic fault) =>
        RequestsRefused(logger, Text.OneLine(client), fault);

    /// <summary>A client's requests go elsewhere than to the address of its Service.</summary>
    public static void AddressDiffers(ILogger logger, string client, Uri requested, string upstream, string address) =>
        RequestGoesElsewhere(
            logger,
            Text.OneLine(client),
            Text.OneLine(requested.AsciiHost()),
            requested.Port,
            Text.OneLine(upstream),
            Text.OneLine(address));

    [LoggerMessage(10, LogLevel.Warning, "{Diagnostic}")]
    private static partial void PolicyWarning(ILogger logger, TlsPolicyDiagnostic diagnostic);

    [LoggerMessage(11, LogLevel.Information, "{Diagnostic}")]
    private static partial void PolicyInformation(ILogger logger, TlsPolicyDiagnostic diagnostic);

    [LoggerMessage(
        14, LogLevel.Warning,
        "DANGEROUS: client '{Client}' may make plain requests, http:// and ws://, without TLS "
        + "(DangerousAllowPlainHttp).")]
    private static partial void ClientAllowsPlainHttp(ILogger logger, string client);

    [LoggerMessage(
        15, LogLevel.Warning,
        "FTLS7022: client '{Client}' sends requests to {Host}:{Port}, which is neither the address of Service "
        + "'{Upstream}' in the policy files ({Address}) nor the client's base address, as far as that is known: that "
        + "server gets the Service's policy, client certificate included.")]
    private static partial void RequestGoesElsewhere(
        ILogger logger, string client, string host, int port, string upstream, string address);

    [LoggerMessage(13, LogLevel.Error, "The requests of client '{Client}' are refused. {Fault}")]
    private static partial void RequestsRefused(ILogger logger, string client, TlsPolicyDiagnostic fault);

    [LoggerMessage(
        12, LogLevel.Warning,
        "DANGEROUS: the handler of client '{Client}' is replaced (DangerousReplaceOutboundTls); no policy applies "
        + "to the replacement.")]
    private static partial void ClientHandlerReplaced(ILogger logger, string client);
}
