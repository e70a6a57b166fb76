using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.TestKit;

/// <summary>A signature that no key made, of an algorithm that the platform may not have.</summary>
public sealed class ForgedSignature(string algorithm, byte[] signature) : X509SignatureGenerator
{
    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(algorithm);
        }

        return writer.Encode();
    }

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => signature;

    /// <summary>A server's certificate, with its key, that an authority of any kind seems to have signed.</summary>
    public X509Certificate2 Issue(X509Certificate2 authority, string subject, X509Extension alternativeNames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(alternativeNames);
        using var certificate = request.Create(
            authority.SubjectName, this, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1]);
        return certificate.CopyWithPrivateKey(key);
    }

    protected override PublicKey BuildPublicKey() => throw new NotSupportedException();
}
