using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>The log messages about expiring certificates.</summary>
internal static partial class ExpiryLog
{
    [LoggerMessage(40, LogLevel.Warning, "Upstream '{Upstream}', generation {Generation}: {Certificate}.")]
    public static partial void ExpiresSoon(ILogger logger, string upstream, int generation, string certificate);

    [LoggerMessage(41, LogLevel.Error, "Upstream '{Upstream}', generation {Generation}: {Certificate}.")]
    public static partial void Expired(ILogger logger, string upstream, int generation, string certificate);

    [LoggerMessage(43, LogLevel.Warning,
        "Upstream '{Upstream}', generation {Generation}: {Certificate}. Its renewal is overdue: little is left of its "
        + "lifetime of {Lifetime}.")]
    public static partial void RenewalOverdue(
        ILogger logger, string upstream, int generation, string certificate, string lifetime);

    [LoggerMessage(42, LogLevel.Error,
        "Checking the certificates of upstream '{Upstream}' failed; they are checked again within an hour.")]
    public static partial void CheckFailed(ILogger logger, string upstream, Exception exception);

    [LoggerMessage(44, LogLevel.Information,
        "Upstream '{Upstream}', generation {Generation}: client certificate '{Subject}' is issued under '{Authority}', "
        + "a CA that the operating system trusts. If that is a public CA, it may not renew the certificate: public CAs "
        + "stop issuing certificates for clients. Use a CA of your own, or the upstream's.")]
    public static partial void IssuedBySystemCA(
        ILogger logger, string upstream, int generation, string subject, string authority);
}
