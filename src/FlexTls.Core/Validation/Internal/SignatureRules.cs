using System.Security.Cryptography.X509Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>No certificate below the anchor is signed with MD2, MD5 or SHA-1, which can be forged. The anchor's own signature vouches for nothing.</summary>
internal static class SignatureRules
{
    private static readonly Dictionary<string, string> Weak = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.2"] = "MD2 with RSA",
        ["1.2.840.113549.1.1.4"] = "MD5 with RSA",
        ["1.2.840.113549.1.1.5"] = "SHA-1 with RSA",
        ["1.3.14.3.2.29"] = "SHA-1 with RSA",
        ["1.2.840.10040.4.3"] = "SHA-1 with DSA",
        ["1.2.840.10045.4.1"] = "SHA-1 with ECDSA",
    };

    public static IEnumerable<ServerCertificateFailure> Check(IReadOnlyList<X509Certificate2> path)
    {
        foreach (var certificate in path.SkipLast(1))
        {
            if (Weak.TryGetValue(certificate.SignatureAlgorithm.Value ?? "", out var algorithm))
            {
                yield return Refusal.Of(DiagnosticCodes.WeakSignature, $"'{certificate.Subject}' is signed with {algorithm}",
                    "let its CA reissue it with SHA-256", "SHA-256 or better", algorithm);
            }
        }
    }
}
