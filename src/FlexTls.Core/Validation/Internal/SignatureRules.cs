using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>No certificate below the anchor is signed with MD2, MD5 or SHA-1, which can be forged. The anchor's own signature vouches for nothing.</summary>
internal static class SignatureRules
{
    private const string Pss = "1.2.840.113549.1.1.10";
    private static readonly Asn1Tag HashAlgorithm = new(TagClass.ContextSpecific, 0);

    // SHA-256, SHA-384, SHA-512.
    private static readonly string[] Strong = ["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

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
            var algorithm = certificate.SignatureAlgorithm.Value == Pss ? WeakHashOfPss(certificate) : Weak.GetValueOrDefault(certificate.SignatureAlgorithm.Value ?? "");
            if (algorithm is not null)
            {
                yield return Refusal.Of(DiagnosticCodes.WeakSignature, $"'{certificate.Subject}' is signed with {algorithm}",
                    "let its CA reissue it with SHA-256", "SHA-256 or better", algorithm);
            }
        }
    }

    /// <summary>RSASSA-PSS names its hash in its parameters, and means SHA-1 where it does not (RFC 4055, section 3.1).</summary>
    private static string? WeakHashOfPss(X509Certificate2 certificate)
    {
        var fields = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        fields.ReadEncodedValue();
        var algorithm = fields.ReadSequence();
        algorithm.ReadObjectIdentifier();
        var parameters = algorithm.ReadSequence();
        var isNamed = parameters.HasData && parameters.PeekTag().HasSameClassAndValue(HashAlgorithm);
        var hash = isNamed ? parameters.ReadSequence(HashAlgorithm).ReadSequence().ReadObjectIdentifier() : "";
        return Strong.Contains(hash) ? null : "RSASSA-PSS with SHA-1 or another weak hash";
    }
}
