namespace FlexTls.Status;

/// <summary>How long before a certificate expires operators are told.</summary>
internal sealed class ExpiryThresholds(IEnumerable<TimeSpan> times)
{
    private readonly TimeSpan[] _shortestFirst = [.. times.Order()];

    /// <summary>
    /// The shortest time that is reached, zero if the certificate has expired; <see langword="null"/>: none is.
    /// </summary>
    public TimeSpan? Reached(CertificateExpiry certificate, DateTimeOffset now)
    {
        if (certificate.IsExpired(now))
        {
            return TimeSpan.Zero;
        }

        // A certificate that is made for a day would be near its end from its beginning.
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
