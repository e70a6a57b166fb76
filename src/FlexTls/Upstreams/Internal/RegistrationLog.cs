using Microsoft.Extensions.Logging;

namespace FlexTls.Upstreams;

/// <summary>What is logged about the registration as a whole.</summary>
internal static partial class RegistrationLog
{
    /// <summary>Logs what was found in policies that are used all the same, once.</summary>
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

    [LoggerMessage(10, LogLevel.Warning, "{Diagnostic}")]
    private static partial void PolicyWarning(ILogger logger, TlsPolicyDiagnostic diagnostic);

    [LoggerMessage(11, LogLevel.Information, "{Diagnostic}")]
    private static partial void PolicyInformation(ILogger logger, TlsPolicyDiagnostic diagnostic);

    [LoggerMessage(14, LogLevel.Warning, "DANGEROUS: client '{Client}' may make plain requests, http:// and ws://, without TLS (DangerousAllowPlainHttp).")]
    public static partial void PlainHttpAllowed(ILogger logger, string client);

    [LoggerMessage(15, LogLevel.Warning, "FTLS7022: client '{Client}' sends requests to {Host}:{Port}, which is neither the address of Service '{Upstream}' in the policy files ({Address}) nor the client's base address, as far as that is known: that server gets the Service's policy, client certificate included.")]
    public static partial void AddressDiffers(ILogger logger, string client, string host, int port, string upstream, string address);

    [LoggerMessage(13, LogLevel.Error, "The requests of client '{Client}' are refused. {Fault}")]
    public static partial void ClientRefused(ILogger logger, string client, TlsPolicyDiagnostic fault);

    [LoggerMessage(12, LogLevel.Warning, "DANGEROUS: the handler of client '{Client}' is replaced (DangerousReplaceOutboundTls); no policy holds for what it does.")]
    public static partial void HandlerReplaced(ILogger logger, string client);
}
