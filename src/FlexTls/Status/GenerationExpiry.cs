using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>
/// Logs the expiry of one generation's certificates, each threshold once per certificate, and a client certificate that
/// its CA may not renew.
/// </summary>
internal sealed class GenerationExpiry(
    string upstream, UpstreamGeneration generation, ExpiryThresholds thresholds, ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<CertificateExpiry, TimeSpan> _warned = [];
    private bool _isIssuerNoted;

    /// <summary>
    /// The shortest lifetime among the certificates; those of the server are known after the first handshake.
    /// </summary>
    public TimeSpan? ShortestLifetime =>
        Expiries.Of(generation.Context).Min(certificate => (TimeSpan?)certificate.Lifetime);

    public void Check(DateTimeOffset now)
    {
        using var held = SafeLogger.Hold();
        lock (_lock)
        {
            foreach (var certificate in Expiries.Of(generation.Context))
            {
                if (thresholds.Reached(certificate, now) is { } reached && !HasWarned(certificate, reached))
                {
                    _warned[certificate] = reached;
                    Warn(certificate, reached, now);
                }
            }

            if (!_isIssuerNoted)
            {
                _isIssuerNoted = true;
                NoteIssuer();
            }
        }
    }

    private void NoteIssuer()
    {
        if (generation.Context.Policy is { DangerousSkipValidation: false, ClientIdentity: { } own }
            && SystemRoots.Current.FindAbove(own) is { } authority)
        {
            ExpiryLog.IssuedBySystemCA(
                logger, Text.OneLine(upstream), generation.Number, CertificateDates.Of(own.Leaf).Subject, authority);
        }
    }

    private bool HasWarned(CertificateExpiry certificate, TimeSpan reached) =>
        (_warned.TryGetValue(certificate, out var last) && last <= reached)
        // Certificates that had expired before were reported when the context was created.
        || (certificate.Role is TlsCertificateRole.ClientCertificate or TlsCertificateRole.TrustedCA
            && certificate.IsExpired(generation.Since));

    private void Warn(CertificateExpiry certificate, TimeSpan reached, DateTimeOffset now)
    {
        if (certificate.IsExpired(now))
        {
            ExpiryLog.Expired(logger, Text.OneLine(upstream), generation.Number, certificate.Describe(now));
        }
        else if (thresholds.IsRenewal(certificate, reached))
        {
            ExpiryLog.RenewalOverdue(
                logger, Text.OneLine(upstream), generation.Number, certificate.Describe(now),
                certificate.DescribeLifetime());
        }
        else
        {
            ExpiryLog.ExpiresSoon(logger, Text.OneLine(upstream), generation.Number, certificate.Describe(now));
        }
    }
}
