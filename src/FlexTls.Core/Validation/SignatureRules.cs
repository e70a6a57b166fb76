using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// No certificate below the anchor may be signed with MD2, MD5 or SHA-1, which can be forged. The anchor's own
/// signature proves nothing.
/// </summary>
internal static class SignatureRules
{
    private const string Pss = "1.2.840.113549.1.1.10";
    private const string RsaKey = "1.2.840.113549.1.1.1";
    private static readonly Asn1Tag HashAlgorithm = new(TagClass.ContextSpecific, 0);

    // SHA-256, SHA-384, SHA-512.
    private static readonly string[] StrongHashes =
        ["2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3"];

    // RSA and ECDSA with these. The platform may accept other algorithms, but they are not known to be strong.
    private static readonly Dictionary<string, (
        HashAlgorithmName Hash, bool IsRsa)> Strong = new(StringComparer.Ordinal)
        {
            ["1.2.840.113549.1.1.11"] = (HashAlgorithmName.SHA256, true),
            ["1.2.840.113549.1.1.12"] = (HashAlgorithmName.SHA384, true),
            ["1.2.840.113549.1.1.13"] = (HashAlgorithmName.SHA512, true),
            ["1.2.840.10045.4.3.2"] = (HashAlgorithmName.SHA256, false),
            ["1.2.840.10045.4.3.3"] = (HashAlgorithmName.SHA384, false),
            ["1.2.840.10045.4.3.4"] = (HashAlgorithmName.SHA512, false),
        };

    // Ed25519, Ed448 and ML-DSA, each with its own hash: only the platform verifies them.
    private static readonly HashSet<string> StrongByThemselves = new(StringComparer.Ordinal)
    {
        "1.3.101.112", "1.3.101.113", "2.16.840.1.101.3.4.3.17", "2.16.840.1.101.3.4.3.18", "2.16.840.1.101.3.4.3.19",
    };

    private static readonly Dictionary<string, string> Weak = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.2"] = "MD2 with RSA",
        ["1.2.840.113549.1.1.4"] = "MD5 with RSA",
        ["1.2.840.113549.1.1.5"] = "SHA-1 with RSA",
        ["1.3.14.3.2.29"] = "SHA-1 with RSA",
        ["1.2.840.10040.4.3"] = "SHA-1 with DSA",
        ["1.2.840.10045.4.1"] = "SHA-1 with ECDSA",
    };

    /// <param name="path">The path, the server's certificate first.</param>
    /// <param name="isAnchored">Whether the last certificate is itself trusted.</param>
    public static IEnumerable<ServerCertificateFailure> Check(IReadOnlyList<DecodedCertificate> path, bool isAnchored)
    {
        foreach (var certificate in isAnchored ? path.SkipLast(1) : path)
        {
            if (Problem(certificate) is { } algorithm)
            {
                yield return Refusal.Of(DiagnosticCodes.WeakSignature, "a signature is too weak",
                    $"{certificate.Shown} is signed with {algorithm}",
                    "let its CA reissue it with SHA-256",
                    "RSA or ECDSA with SHA-256 or better, Ed25519, Ed448 or ML-DSA", algorithm);
            }
        }
    }

    /// <summary>
    /// Whether the key of an issuer certainly did not sign a certificate. The signatures that cannot be checked here
    /// (RSASSA-PSS, Ed25519, Ed448 and ML-DSA) are left to the platform, which checks every signature of a path that it
    /// accepts.
    /// </summary>
    public static bool IsBad(DecodedCertificate certificate, DecodedCertificate issuer)
    {
        try
        {
            var fields = new AsnReader(certificate.RawData, AsnEncodingRules.DER).ReadSequence();
            var signed = fields.ReadEncodedValue().Span;
            var algorithm = fields.ReadSequence().ReadObjectIdentifier();
            var signature = fields.ReadBitString(out _);
            if (!Strong.TryGetValue(algorithm, out var kind))
            {
                return !MayMake(issuer.Platform.PublicKey.Oid.Value, algorithm);
            }

            using var rsa = kind.IsRsa ? issuer.Platform.GetRSAPublicKey() : null;
            using var ec = kind.IsRsa ? null : issuer.Platform.GetECDsaPublicKey();
            return kind.IsRsa
                ? rsa?.VerifyData(signed, signature, kind.Hash, RSASignaturePadding.Pkcs1) != true
                : ec?.VerifyData(signed, signature, kind.Hash, DSASignatureFormat.Rfc3279DerSequence) != true;
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            return false;
        }
    }

    /// <summary>Whether a kind of key can create signatures of an algorithm that is not checked here.</summary>
    private static bool MayMake(string? key, string algorithm) =>
        algorithm == Pss ? key is Pss or RsaKey : !StrongByThemselves.Contains(algorithm) || key == algorithm;

    private static string? Problem(DecodedCertificate certificate)
    {
        var fields = new AsnReader(certificate.SignatureAlgorithm, AsnEncodingRules.DER).ReadSequence();
        var algorithm = fields.ReadObjectIdentifier();
        return Strong.ContainsKey(algorithm) || StrongByThemselves.Contains(algorithm) ? null
            : algorithm == Pss ? WeakHashOfPss(fields)
            : Weak.GetValueOrDefault(algorithm) ?? $"the algorithm {algorithm}, which is not known to be strong";
    }

    /// <summary>
    /// RSASSA-PSS names its hash in its parameters; a missing hash means SHA-1 (RFC 4055, section 3.1).
    /// </summary>
    private static string? WeakHashOfPss(AsnReader fields)
    {
        var parameters = fields.ReadSequence();
        var isNamed = parameters.HasData && parameters.PeekTag().HasSameClassAndValue(HashAlgorithm);
        var hash = isNamed ? parameters.ReadSequence(HashAlgorithm).ReadSequence().ReadObjectIdentifier() : "";
        return StrongHashes.Contains(hash) ? null : "RSASSA-PSS with SHA-1 or another weak hash";
    }
}
