using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.Certificates;

/// <summary>Questions about a certificate that several folders ask.</summary>
internal static class CertificateExtensions
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const string AnyExtendedKeyUsage = "2.5.29.37.0";

    /// <summary>Whether basicConstraints say that it is a CA. Version 1 certificates, which have no extensions, count only when self-issued.</summary>
    public static bool IsCertificateAuthority(this X509Certificate2 certificate)
    {
        var constraints = certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault();
        return constraints?.CertificateAuthority ?? (certificate.Version < 3 && certificate.IsSelfIssued());
    }

    public static bool IsSelfIssued(this X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    /// <summary>Whether the certificate may be used for <paramref name="purpose"/>: it says so, says any, or says nothing.</summary>
    public static bool Allows(this X509Certificate2 certificate, string purpose)
    {
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().ToList();
        return usages.Count == 0 || usages.TrueForAll(usage =>
            usage.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == purpose || oid.Value == AnyExtendedKeyUsage));
    }

    /// <summary>What is wrong with the dates at <paramref name="now"/>, or <see langword="null"/>.</summary>
    public static string? DateProblem(this X509Certificate2 certificate, DateTimeOffset now)
    {
        var (notBefore, notAfter) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        return now.UtcDateTime < notBefore ? $"is not valid before {notBefore:u}"
            : now.UtcDateTime > notAfter ? $"expired at {notAfter:u}" : null;
    }
}
