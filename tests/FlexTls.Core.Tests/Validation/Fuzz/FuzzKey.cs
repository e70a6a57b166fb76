using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace FlexTls.Validation.Fuzz;

/// <summary>A key of the PKI that is mutated. EC keys are the same in every run; RSA keys are made once a process.</summary>
internal sealed class FuzzKey
{
    private readonly AsymmetricAlgorithm? _key;

    private FuzzKey(string name, AsymmetricAlgorithm? key, byte[] info) => (Name, _key, Info) = (name, key, info);

    public static FuzzKey Root { get; } = Ec("root", ECCurve.NamedCurves.nistP256, 32);

    public static FuzzKey Foreign { get; } = Ec("foreign", ECCurve.NamedCurves.nistP256, 32);

    public static FuzzKey Server { get; } = Ec("server", ECCurve.NamedCurves.nistP256, 32);

    public static FuzzKey[] Authorities { get; } = [Ec("first", ECCurve.NamedCurves.nistP256, 32), Ec("second", ECCurve.NamedCurves.nistP256, 32)];

    public static FuzzKey RsaRoot { get; } = Rsa("RSA 2048", 2048);

    public static FuzzKey[] Others { get; } =
    [
        RsaRoot, Rsa("RSA 1024", 1024), Rsa("RSA 2040", 2040), Ec("P-384", ECCurve.NamedCurves.nistP384, 48), Ec("P-521", ECCurve.NamedCurves.nistP521, 66),
        Ec("secp256k1", ECCurve.CreateFromFriendlyName("secp256k1"), 32), Ec("another", ECCurve.NamedCurves.nistP256, 32), NobodysEd25519(),
    ];

    public string Name { get; }

    /// <summary>The SubjectPublicKeyInfo.</summary>
    public byte[] Info { get; }

    public byte[] Identifier => SHA256.HashData(Encoding.ASCII.GetBytes(Name))[..20];

    /// <summary>The AlgorithmIdentifier and the signature.</summary>
    public (byte[] Algorithm, Func<byte[], byte[]> Sign) With(FuzzHash hash) => _key switch
    {
        RSA rsa when hash is FuzzHash.PssSha1 or FuzzHash.PssSha256 => Pss(rsa, hash == FuzzHash.PssSha256),
        RSA rsa => (Algorithm(RsaOid(hash), writer => writer.WriteNull()), data => rsa.SignData(data, HashName(hash), RSASignaturePadding.Pkcs1)),
        ECDsa ec => (Algorithm(EcOid(hash), _ => { }), data => ec.SignData(data, HashName(hash == FuzzHash.Md5 ? FuzzHash.Sha1 : hash), DSASignatureFormat.Rfc3279DerSequence)),

        // Nobody has the key, so nobody can sign with it.
        _ => (Algorithm("1.3.101.112", _ => { }), _ => new byte[64]),
    };

    private static (byte[] Algorithm, Func<byte[], byte[]> Sign) Pss(RSA rsa, bool isStrong)
    {
        var hash = isStrong ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1;
        var sha256 = Algorithm("2.16.840.1.101.3.4.2.1", _ => { });
        var mask = Algorithm("1.2.840.113549.1.1.8", writer => writer.WriteEncodedValue(sha256));
        var parameters = isStrong ? Encode.Sequence(Encode.Tagged(0, sha256), Encode.Tagged(1, mask), Encode.Tagged(2, Encode.Of(writer => writer.WriteInteger(32)))) : Encode.Sequence();
        return (Algorithm("1.2.840.113549.1.1.10", writer => writer.WriteEncodedValue(parameters)), data => rsa.SignData(data, hash, RSASignaturePadding.Pss));
    }

    private static byte[] Algorithm(string oid, Action<AsnWriter> parameters) => Encode.Of(writer =>
    {
        using var sequence = writer.PushSequence();
        writer.WriteObjectIdentifier(oid);
        parameters(writer);
    });

    private static HashAlgorithmName HashName(FuzzHash hash) => hash switch
    {
        FuzzHash.Sha384 => HashAlgorithmName.SHA384,
        FuzzHash.Sha512 => HashAlgorithmName.SHA512,
        FuzzHash.Sha1 or FuzzHash.PssSha1 => HashAlgorithmName.SHA1,
        FuzzHash.Md5 => HashAlgorithmName.MD5,
        _ => HashAlgorithmName.SHA256,
    };

    private static string RsaOid(FuzzHash hash) => hash switch
    {
        FuzzHash.Sha384 => "1.2.840.113549.1.1.12",
        FuzzHash.Sha512 => "1.2.840.113549.1.1.13",
        FuzzHash.Sha1 => "1.2.840.113549.1.1.5",
        FuzzHash.Md5 => "1.2.840.113549.1.1.4",
        _ => "1.2.840.113549.1.1.11",
    };

    private static string EcOid(FuzzHash hash) => hash switch
    {
        FuzzHash.Sha384 => "1.2.840.10045.4.3.3",
        FuzzHash.Sha512 => "1.2.840.10045.4.3.4",
        FuzzHash.Sha1 or FuzzHash.PssSha1 or FuzzHash.Md5 => "1.2.840.10045.4.1",
        _ => "1.2.840.10045.4.3.2",
    };

    private static FuzzKey Ec(string name, ECCurve curve, int bytes)
    {
        var secret = new byte[bytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(name)).AsSpan(0, 31).CopyTo(secret.AsSpan(bytes - 31));
        var key = ECDsa.Create(new ECParameters { Curve = curve, D = secret });
        return new FuzzKey(name, key, key.ExportSubjectPublicKeyInfo());
    }

    private static FuzzKey Rsa(string name, int bits)
    {
        var key = RSA.Create(bits);
        return new FuzzKey(name, key, key.ExportSubjectPublicKeyInfo());
    }

    private static FuzzKey NobodysEd25519() => new("Ed25519", null, Encode.Of(writer =>
    {
        using var sequence = writer.PushSequence();
        writer.WriteEncodedValue(Algorithm("1.3.101.112", _ => { }));
        writer.WriteBitString(SHA256.HashData("a point of the curve, perhaps"u8));
    }));
}
