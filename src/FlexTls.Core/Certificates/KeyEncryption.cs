using System.Formats.Asn1;
using System.Security.Cryptography;

namespace FlexTls;

/// <summary>
/// The encryption of a private key (RFC 8018): the algorithms that its author chose, as far as this class computes
/// them.
/// </summary>
internal sealed class KeyEncryption
{
    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";
    private const string HmacSha1 = "1.2.840.113549.2.7";
    private const string Pkcs12Schemes = "1.2.840.113549.1.12.1.";
    private const int BlockOfAes = 16;
    private const int LongestObjectIdentifier = 60;

    // 3DES, DES and RC2, with PBES2 and with older schemes: left to the platform.
    private static readonly string[] OlderCiphers = ["1.2.840.113549.3.7", "1.3.14.3.2.7", "1.2.840.113549.3.2"];
    private static readonly string[] OlderSchemes =
    [
        "1.2.840.113549.1.5.3", "1.2.840.113549.1.5.6", "1.2.840.113549.1.5.10", "1.2.840.113549.1.5.11",
        "1.2.840.113549.1.12.1.3", "1.2.840.113549.1.12.1.4", "1.2.840.113549.1.12.1.5", "1.2.840.113549.1.12.1.6",
    ];

    private static readonly Dictionary<string, HashAlgorithmName> Hashes = new(StringComparer.Ordinal)
    {
        [HmacSha1] = HashAlgorithmName.SHA1,
        ["1.2.840.113549.2.9"] = HashAlgorithmName.SHA256,
        ["1.2.840.113549.2.10"] = HashAlgorithmName.SHA384,
        ["1.2.840.113549.2.11"] = HashAlgorithmName.SHA512,
    };

    private static readonly Dictionary<string, int> AesKeys = new(StringComparer.Ordinal)
    {
        ["2.16.840.1.101.3.4.1.2"] = 16,
        ["2.16.840.1.101.3.4.1.22"] = 24,
        ["2.16.840.1.101.3.4.1.42"] = 32,
    };

    /// <summary>
    /// The most iterations over a passphrase: two to three seconds on one core. Tools use far fewer by default.
    /// </summary>
    public const int MostOfAny = 2_000_000;

    /// <summary>The platform's limit for 3DES and RC2 by the schemes of PKCS#12.</summary>
    public const int MostOfPkcs12Schemes = 600_000;

    private readonly byte[] _salt;
    private readonly string _hash;
    private readonly string _cipher;
    private readonly byte[] _vector;
    private readonly byte[] _encrypted;

    private KeyEncryption(byte[] salt, int iterations, string hash, string cipher, byte[] vector, byte[] encrypted) =>
        (_salt, Iterations, _hash, _cipher, _vector, _encrypted) = (salt, iterations, hash, cipher, vector, encrypted);

    /// <summary>The number of iterations over the passphrase.</summary>
    public int Iterations { get; }

    /// <summary>The most iterations with its cipher.</summary>
    public int MostIterations =>
        _cipher.StartsWith(Pkcs12Schemes, StringComparison.Ordinal) ? MostOfPkcs12Schemes : MostOfAny;

    /// <summary>The name of an algorithm in it that cannot be computed here; <see langword="null"/>: none.</summary>
    public string? Unsupported { get; private init; }

    /// <summary>Whether <see cref="Decrypt"/> can open it; the platform opens older schemes.</summary>
    public bool IsAes { get; private init; }

    /// <exception cref="AsnContentException">The data are not an encrypted key.</exception>
    public static KeyEncryption Of(byte[] encryptedPkcs8)
    {
        var outer = new AsnReader(encryptedPkcs8, AsnEncodingRules.BER).ReadSequence();
        var algorithm = outer.ReadSequence();
        var encrypted = outer.ReadOctetString();
        var scheme = algorithm.ReadObjectIdentifier();
        if (scheme == Pbes2)
        {
            return OfPbes2(algorithm.ReadSequence(), encrypted);
        }

        if (!OlderSchemes.Contains(scheme))
        {
            return new([], 0, "", "", [], []) { Unsupported = NameOf(scheme) };
        }

        var parameters = algorithm.ReadSequence();
        return new(parameters.ReadOctetString(), IterationsIn(parameters), "", scheme, [], encrypted);
    }

    /// <summary>The key in PKCS#8 form, which the caller wipes.</summary>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="derived">The keys derived so far.</param>
    /// <exception cref="CryptographicException">
    /// The passphrase is wrong; one in 256 wrong passphrases is not detected and returns garbage.
    /// </exception>
    public byte[] Decrypt(string passphrase, DerivedKeys derived)
    {
        using var cipher = Aes.Create();
        cipher.Key = derived.Pbkdf2(passphrase, _salt, Iterations, Hashes[_hash], AesKeys[_cipher]);
        return cipher.DecryptCbc(_encrypted, _vector);
    }

    private static KeyEncryption OfPbes2(AsnReader parameters, byte[] encrypted)
    {
        var derivation = parameters.ReadSequence();
        var function = derivation.ReadObjectIdentifier();
        var encryption = parameters.ReadSequence();
        var cipher = encryption.ReadObjectIdentifier();
        if (function != Pbkdf2)
        {
            return new([], 0, "", "", [], []) { Unsupported = NameOf(function) };
        }

        var derived = derivation.ReadSequence();
        var salt = derived.ReadOctetString();
        var iterations = IterationsIn(derived);
        if (derived.HasData && derived.PeekTag() == Asn1Tag.Integer)
        {
            // The length of the key, which follows from the cipher.
            derived.ReadIntegerBytes();
        }

        var hash = derived.HasData ? derived.ReadSequence().ReadObjectIdentifier() : HmacSha1;
        var isAes = AesKeys.ContainsKey(cipher);
        var unsupported = !Hashes.ContainsKey(hash) ? hash : isAes || OlderCiphers.Contains(cipher) ? null : cipher;
        var vector = isAes ? encryption.ReadOctetString() : [];
        if (isAes && vector.Length != BlockOfAes)
        {
            throw new AsnContentException();
        }

        return new(salt, iterations, hash, cipher, vector, encrypted)
        {
            IsAes = isAes && unsupported is null,
            Unsupported = unsupported is null ? null : NameOf(unsupported),
        };
    }

    private static int IterationsIn(AsnReader parameters) =>
        parameters.TryReadInt32(out var iterations) && iterations > 0 ? iterations : int.MaxValue;

    private static string NameOf(string identifier) =>
        EncryptionNames.Of(identifier) ?? $"the algorithm {Text.Cut(identifier, LongestObjectIdentifier)}";
}
