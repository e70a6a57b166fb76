using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;

namespace FlexTls.Certificates;

/// <summary>
/// Kind and size of a public key, read from the SubjectPublicKeyInfo without importing the key (which costs ten
/// times as much), and whether a policy accepts it: RSA of 2048 bits and more, EC P-256, P-384, P-521.
/// </summary>
internal sealed record KeyDescription(string Text, KeyVerdict Verdict)
{
    public const string Allowed = "RSA of at least 2048 bits, or EC P-256, P-384, P-521";

    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Ec = "1.2.840.10045.2.1";
    private const int LeastRsaBits = 2048;

    private static readonly Dictionary<string, string> Curves = new(StringComparer.Ordinal)
    {
        ["1.2.840.10045.3.1.7"] = "P-256",
        ["1.3.132.0.34"] = "P-384",
        ["1.3.132.0.35"] = "P-521",
    };

    public static KeyDescription Of(DecodedCertificate certificate)
    {
        try
        {
            var key = new AsnReader(certificate.SubjectPublicKeyInfo, AsnEncodingRules.DER).ReadSequence();
            var algorithm = key.ReadSequence();
            var kind = algorithm.ReadObjectIdentifier();
            return kind switch
            {
                Rsa => OfRsa(key.ReadBitString(out _)),
                Ec => OfEc(algorithm),
                _ => new KeyDescription(NameOf(new Oid(kind)), KeyVerdict.Unsupported),
            };
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return new KeyDescription("unreadable key", KeyVerdict.Unsupported);
        }
    }

    private static KeyDescription OfRsa(ReadOnlyMemory<byte> publicKey)
    {
        var modulus = new AsnReader(publicKey, AsnEncodingRules.DER).ReadSequence().ReadInteger();
        var bits = modulus.Sign > 0 ? (int)modulus.GetBitLength() : 0;
        var text = string.Create(CultureInfo.InvariantCulture, $"RSA {bits}");
        return new KeyDescription(text, bits >= LeastRsaBits ? KeyVerdict.Accepted : KeyVerdict.Weak);
    }

    private static KeyDescription OfEc(AsnReader parameters)
    {
        if (!parameters.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier))
        {
            return new KeyDescription("EC with explicit curve parameters", KeyVerdict.Weak);
        }

        var curve = parameters.ReadObjectIdentifier();
        return Curves.TryGetValue(curve, out var name)
            ? new KeyDescription($"EC {name}", KeyVerdict.Accepted)
            : new KeyDescription($"EC {NameOf(Oid.FromOidValue(curve, OidGroup.All))}", KeyVerdict.Weak);
    }

    private static string NameOf(Oid oid) => oid.Value switch
    {
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        "2.16.840.1.101.3.4.3.17" => "ML-DSA-44",
        "2.16.840.1.101.3.4.3.18" => "ML-DSA-65",
        "2.16.840.1.101.3.4.3.19" => "ML-DSA-87",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        _ => oid.FriendlyName ?? oid.Value ?? "unknown",
    };
}
