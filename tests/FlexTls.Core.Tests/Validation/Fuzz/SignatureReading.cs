using System.Formats.Asn1;
using System.Security.Cryptography;

namespace FlexTls.Validation.Fuzz;

/// <summary>Keys and signatures, judged once more.</summary>
internal static class SignatureReading
{
    private const string RsaKey = "1.2.840.113549.1.1.1";
    private const string EcKey = "1.2.840.10045.2.1";
    private const string Ed25519Key = "1.3.101.112";
    private const string Pss = "1.2.840.113549.1.1.10";
    private static readonly string[] Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    private static readonly Dictionary<string, HashAlgorithmName> Algorithms = new()
    {
        ["1.2.840.113549.1.1.11"] = HashAlgorithmName.SHA256,
        ["1.2.840.113549.1.1.12"] = HashAlgorithmName.SHA384,
        ["1.2.840.113549.1.1.13"] = HashAlgorithmName.SHA512,
        ["1.2.840.10045.4.3.2"] = HashAlgorithmName.SHA256,
        ["1.2.840.10045.4.3.3"] = HashAlgorithmName.SHA384,
        ["1.2.840.10045.4.3.4"] = HashAlgorithmName.SHA512,

        // RSASSA-PSS without parameters means SHA-1; the cases have no other parameters than SHA-256.
        [Pss] = HashAlgorithmName.SHA256,
    };

    public static bool IsStrongKey(ReadCertificate certificate, bool isUsed)
    {
        try
        {
            var info = new AsnReader(certificate.PublicKeyInfo, AsnEncodingRules.DER).ReadSequence();
            var algorithm = info.ReadSequence();
            return algorithm.ReadObjectIdentifier() switch
            {
                RsaKey => new AsnReader(info.ReadBitString(out _), AsnEncodingRules.DER).ReadSequence().ReadInteger().GetBitLength() >= 2048,
                Ed25519Key => info.ReadBitString(out _).Length == 32,
                EcKey => Curves.Contains(algorithm.ReadObjectIdentifier()) && (!isUsed || IsPoint(certificate.PublicKeyInfo)),
                _ => false,
            };
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            return false;
        }
    }

    /// <summary>Whether the issuer's key made the signature, with SHA-256 or better.</summary>
    public static bool IsSignedBy(ReadCertificate certificate, ReadCertificate issuer)
    {
        try
        {
            var oid = new AsnReader(certificate.Algorithm, AsnEncodingRules.DER).ReadSequence().ReadObjectIdentifier();
            return Algorithms.TryGetValue(oid, out var hash) && (oid.StartsWith("1.2.840.10045", StringComparison.Ordinal) ? EcFits(certificate, issuer, hash) : RsaFits(certificate, issuer, hash, oid == Pss));
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    private static bool IsPoint(ReadOnlyMemory<byte> info)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(info.Span, out _);
        return true;
    }

    private static bool EcFits(ReadCertificate certificate, ReadCertificate issuer, HashAlgorithmName hash)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(issuer.PublicKeyInfo.Span, out _);
        return key.VerifyData(certificate.Signed.Span, certificate.Signature, hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    private static bool RsaFits(ReadCertificate certificate, ReadCertificate issuer, HashAlgorithmName hash, bool isPss)
    {
        using var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(issuer.PublicKeyInfo.Span, out _);
        return key.VerifyData(certificate.Signed.Span, certificate.Signature, hash, isPss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }
}
