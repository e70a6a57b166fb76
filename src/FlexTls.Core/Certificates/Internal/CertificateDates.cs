using System.Security.Cryptography.X509Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Certificates;

/// <summary>When a certificate is valid, and how people know it.</summary>
internal sealed record CertificateDates(string Subject, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    // A server may send longer ones.
    private const int LongestSubject = 200;

    public static CertificateDates Of(X509Certificate2 certificate)
    {
        return new CertificateDates(
            Text.Cut(NameText.OfSubject(certificate), LongestSubject),
            new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
            new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
    }
}
