namespace FlexTls;

/// <summary>The times before a certificate's expiry at which operators are warned.</summary>
/// <param name="times">The same for all certificates.</param>
/// <param name="renewal">
/// The part of a certificate's lifetime that is left when its renewal is overdue; 0: it never is.
/// </param>
internal sealed class ExpiryThresholds(IEnumerable<TimeSpan> times, double renewal)
{
    private readonly TimeSpan[] _shortestFirst = [.. times.Order()];

    public ExpiryThresholds(OutboundTlsRegistration registration)
        : this(registration.ExpiryWarnings, registration.RenewalWarningFraction)
    {
    }

    /// <summary>
    /// The shortest threshold reached, zero if the certificate has expired; <see langword="null"/>: none.
    /// </summary>
    public TimeSpan? Reached(CertificateExpiry certificate, DateTimeOffset now)
    {
        if (certificate.IsExpired(now))
        {
            return TimeSpan.Zero;
        }

        var left = certificate.NotAfter - now;
        TimeSpan? ofAll = null;
        foreach (var time in _shortestFirst)
        {
            // A certificate valid for one day would otherwise always be close to its expiry.
            if (time <= certificate.Lifetime / 2 && left <= time)
            {
                ofAll = time;
                break;
            }
        }

        return RenewalOf(certificate) is { } own && left <= own && !(ofAll < own) ? own : ofAll;
    }

    /// <summary>Whether a threshold of the certificate is the one at which its renewal is overdue.</summary>
    public bool IsRenewal(CertificateExpiry certificate, TimeSpan threshold) => RenewalOf(certificate) == threshold;

    /// <summary>Of certificates that live long, the times for all come first.</summary>
    private TimeSpan? RenewalOf(CertificateExpiry certificate) =>
        renewal > 0 && certificate.Lifetime * renewal is var own && _shortestFirst is [.., var first] && own < first
            ? own : null;
}
