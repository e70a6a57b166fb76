namespace FlexTls;

/// <summary>The times before a certificate's expiry at which operators are warned.</summary>
internal sealed class ExpiryThresholds(IEnumerable<TimeSpan> times)
{
    private readonly TimeSpan[] _shortestFirst = [.. times.Order()];

    /// <summary>
    /// The shortest threshold reached, zero if the certificate has expired; <see langword="null"/>: none.
    /// </summary>
    public TimeSpan? Reached(CertificateExpiry certificate, DateTimeOffset now)
    {
        if (certificate.IsExpired(now))
        {
            return TimeSpan.Zero;
        }

        // A certificate valid for one day would otherwise always be close to its expiry.
        var most = (certificate.NotAfter - certificate.NotBefore) / 2;
        foreach (var time in _shortestFirst)
        {
            if (time > most)
            {
                return null;
            }

            if (certificate.NotAfter - now <= time)
            {
                return time;
            }
        }

        return null;
    }
}
