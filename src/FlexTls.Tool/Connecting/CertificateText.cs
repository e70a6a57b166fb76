using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>A presented certificate in words; every text in it is a stranger's.</summary>
internal static class CertificateText
{
    private const int MostNames = 10;

    public static IReadOnlyList<string> Of(X509Certificate2 certificate, DateTimeOffset now) =>
    [
        Subject(certificate),
        $"  names: {(Names(certificate) is { Count: > 0 } names ? Shown(names) : "none")}",
        $"  {Validity(certificate, now)}",
        $"  key: {Key(certificate)}",
        "  SHA-256:",
        $"  {Fingerprint(certificate)}",
    ];

    public static string Subject(X509Certificate2 certificate) =>
        certificate.Subject.Length == 0 ? "(no subject)" : SafeText.Of(certificate.Subject);

    public static string Validity(X509Certificate2 certificate, DateTimeOffset now) =>
        Words.OfValidity(certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime(), now);

    public static string Fingerprint(X509Certificate2 certificate) =>
        certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>The names that a host is compared with, such as <c>*.example.com</c> and <c>10.0.0.1</c>.</summary>
    public static IReadOnlyList<string> Names(X509Certificate2 certificate)
    {
        try
        {
            var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
            return names is null ? []
                : [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(address => address.ToString())];
        }
        catch (CryptographicException)
        {
            // It is refused for that elsewhere.
            return [];
        }
    }

    private static string Shown(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames).Select(SafeText.Of)) + (names.Count > MostNames
            ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - MostNames} more") : "");

    private static string Key(X509Certificate2 certificate)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            using var ec = certificate.GetECDsaPublicKey();
            return rsa is not null ? string.Create(CultureInfo.InvariantCulture, $"RSA, {rsa.KeySize} bits")
                : ec is not null ? string.Create(CultureInfo.InvariantCulture, $"EC, {ec.KeySize} bits")
                : SafeText.Of(certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value ?? "unknown");
        }
        catch (CryptographicException)
        {
            return "unknown";
        }
    }
}
