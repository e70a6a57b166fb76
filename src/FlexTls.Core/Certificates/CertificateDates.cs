using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>The dates of a certificate, and the name by which people know it.</summary>
internal sealed record CertificateDates(string Subject, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    // A server may send a longer one.
    private const int LongestSubject = 200;

    /// <summary>The second of <see cref="NotAfter"/> itself is still valid (RFC 5280, section 4.1.2.5).</summary>
    public static readonly TimeSpan LastSecond = TimeSpan.FromSeconds(1);

    public static CertificateDates Of(X509Certificate2 certificate) => new(
        Text.Cut(NameText.OfSubject(certificate), LongestSubject),
        new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
        new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));

    /// <summary>
    /// Whether the last second is over. Subtracts, because <see cref="NotAfter"/> may be the latest possible time.
    /// </summary>
    public bool HaveEnded(DateTimeOffset now) => now - NotAfter >= LastSecond;
}
