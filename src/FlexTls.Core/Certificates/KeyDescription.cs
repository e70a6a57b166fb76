using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace FlexTls;

/// <summary>
/// The kind and size of a public key, read from the SubjectPublicKeyInfo without importing the key (which costs ten
/// times as much), and whether a policy accepts it: RSA of at least 2048 bits, EC P-256, P-384, P-521, and, if the
/// platform can verify with them, RSASSA-PSS of at least 2048 bits, Ed25519, Ed448 and ML-DSA.
/// </summary>
internal sealed record KeyDescription(string Text, KeyVerdict Verdict)
{
    /// <summary>The keys that servers and CAs may have.</summary>
    public const string Allowed =
        "RSA (also RSASSA-PSS) of at least 2048 bits, EC P-256, P-384, P-521, Ed25519, Ed448 or ML-DSA";

    /// <summary>The keys that client certificates may have.</summary>
    public const string AllowedForClients = "RSA of at least 2048 bits, or EC P-256, P-384, P-521";

    /// <summary>
    /// The cost of verifying a signature with the key; 1 is about the cost for EC P-256. With a key that is not
    /// accepted, nothing need be verified, and it may have been made to keep others busy.
    /// </summary>
    public int Cost => Verdict == KeyVerdict.Accepted ? CostIfAccepted : CostOfOthers;

    private int CostIfAccepted { get; init; } = 1;

    /// <summary>Whether .NET can sign with keys of this kind.</summary>
    public bool CanSign { get; private init; }

    public const string Rsa = "1.2.840.113549.1.1.1";
    public const string Ec = "1.2.840.10045.2.1";
    private const string RsaPss = "1.2.840.113549.1.1.10";
    private const string Ed25519 = "1.3.101.112";
    private const string Ed448 = "1.3.101.113";
    private const int CostOfOthers = 1_000_000;
    private const int CostOfEd25519 = 2;
    private const int CostOfEd448 = 4;
    private const int CostOfMLDsa = 4;
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 8192;
    private const int BitsOfWord = 64;
    private const int ProductsOfCost = 65_536;

    private static readonly Dictionary<string, (string Name, int Bytes, int Cost)> Curves = new(StringComparer.Ordinal)
    {
        ["1.2.840.10045.3.1.7"] = ("P-256", 32, 1),
        ["1.3.132.0.34"] = ("P-384", 48, 8),
        ["1.3.132.0.35"] = ("P-521", 66, 8),
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
                Rsa => OfRsa("RSA", key.ReadBitString(out _)) with { CanSign = true },
                RsaPss => OfRsa(NameOf(kind), key.ReadBitString(out _)).Where(PlatformKeys.HasOpenSslKinds),
                Ec => OfEc(algorithm, key.ReadBitString(out _)) with { CanSign = true },
                Ed25519 or Ed448 => OfEdwards(kind, key.ReadBitString(out _)).Where(PlatformKeys.HasOpenSslKinds),
                _ when PlatformKeys.IsMLDsa(kind) => OfKind(kind, CostOfMLDsa).Where(PlatformKeys.HasMLDsa),
                _ => new KeyDescription(NameOf(kind), KeyVerdict.Unsupported),
            };
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return new KeyDescription("unreadable key", KeyVerdict.Unsupported);
        }
    }

    /// <summary>The name of a kind of key by its object identifier.</summary>
    public static string NameOf(string kind) => kind switch
    {
        Ed25519 => "Ed25519",
        Ed448 => "Ed448",
        RsaPss => "RSASSA-PSS",
        _ => PlatformKeys.MLDsaName(kind) ?? new Oid(kind).FriendlyName ?? kind,
    };

    /// <summary>
    /// Whether keys of a kind are accepted from servers and CAs on some platform, if not on this one.
    /// </summary>
    public static bool IsKnown(string kind) => kind is Ed25519 or Ed448 or RsaPss || PlatformKeys.IsMLDsa(kind);

    private KeyDescription Where(bool hasPlatform) =>
        hasPlatform || Verdict != KeyVerdict.Accepted ? this : this with { Verdict = KeyVerdict.NotOnPlatform };

    private static KeyDescription OfKind(string kind, int cost) =>
        new(NameOf(kind), KeyVerdict.Accepted) { CostIfAccepted = cost };

    private static KeyDescription OfEdwards(string kind, byte[] point) =>
        EdwardsPoint.IsSound(point, isOf448: kind == Ed448)
        ? OfKind(kind, kind == Ed448 ? CostOfEd448 : CostOfEd25519)
        : new KeyDescription($"{NameOf(kind)} with an invalid point", KeyVerdict.Weak);

    private static KeyDescription OfRsa(string name, ReadOnlyMemory<byte> publicKey)
    {
        var numbers = new AsnReader(publicKey, AsnEncodingRules.DER).ReadSequence();
        var (modulus, exponent) = (numbers.ReadInteger(), numbers.ReadInteger());
        var bits = modulus.Sign > 0 ? (int)modulus.GetBitLength() : 0;
        var text = string.Create(CultureInfo.InvariantCulture, $"{name} {bits}");

        // With an exponent of one, anybody can sign; large numbers only serve to keep others busy.
        var isSound = !modulus.IsEven
            && !exponent.IsEven
            && exponent > 1
            && exponent <= uint.MaxValue
            && bits <= MostRsaBits;
        return bits < LeastRsaBits ? new KeyDescription(text, KeyVerdict.Weak)
            : isSound
                ? new KeyDescription(text, KeyVerdict.Accepted) { CostIfAccepted = CostOfRsa(bits, (uint)exponent) }
            : new KeyDescription($"{text} with an invalid modulus or exponent", KeyVerdict.Weak);
    }

    /// <summary>A squaring for each bit of the exponent, and a multiplication for each bit that is set.</summary>
    private static int CostOfRsa(int bits, uint exponent)
    {
        var words = bits / BitsOfWord;
        var steps = BitOperations.Log2(exponent) + BitOperations.PopCount(exponent);
        return 1 + (words * words * steps / ProductsOfCost);
    }

    private static KeyDescription OfEc(AsnReader parameters, byte[] point)
    {
        if (!parameters.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier))
        {
            return new KeyDescription("EC with explicit curve parameters", KeyVerdict.Weak);
        }

        var curve = parameters.ReadObjectIdentifier();
        return Curves.TryGetValue(curve, out var known)

                ? IsPoint(point, known.Bytes)
                ? new KeyDescription($"EC {known.Name}", KeyVerdict.Accepted) { CostIfAccepted = known.Cost }
                : new KeyDescription($"EC {known.Name} without a point of the curve", KeyVerdict.Weak)
            : new KeyDescription($"EC {NameOf(curve)}", KeyVerdict.Weak);
    }

    /// <summary>
    /// Whether the bytes encode a point, uncompressed or compressed (SEC 1, section 2.3.3), other than the point at
    /// infinity.
    /// </summary>
    private static bool IsPoint(byte[] point, int bytes) =>
        (point is [4, ..] && point.Length == 1 + (2 * bytes)) || (point is [2 or 3, ..] && point.Length == 1 + bytes);
}
