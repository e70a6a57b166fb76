using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.TestKit;

/// <summary>
/// Signs certificates with RSA and a broken hash, which the platform's own generators refuse to do: MD5, SHA1, or PSS for
/// RSASSA-PSS without parameters, which means SHA-1.
/// </summary>
internal sealed class BrokenHashSignature(RSA key, HashAlgorithmName hash) : X509SignatureGenerator
{
    private readonly bool _isPss = hash.Name == "PSS";

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(_isPss ? "1.2.840.113549.1.1.10" : hash == HashAlgorithmName.MD5 ? "1.2.840.113549.1.1.4" : "1.2.840.113549.1.1.5");
            if (_isPss)
            {
                writer.PushSequence();
                writer.PopSequence();
            }
            else
            {
                writer.WriteNull();
            }
        }

        return writer.Encode();
    }

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
        _isPss ? key.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pss) : key.SignData(data, hash, RSASignaturePadding.Pkcs1);

    protected override PublicKey BuildPublicKey() => CreateForRSA(key, RSASignaturePadding.Pkcs1).PublicKey;
}
