using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.TestKit;

/// <summary>The fields of a certificate, each encoded, to be put together again in ways that no generator would.</summary>
public sealed record CertificateParts
{
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";

    /// <summary>Empty: version 1.</summary>
    public required ReadOnlyMemory<byte> Version { get; init; }

    public required ReadOnlyMemory<byte> SerialNumber { get; init; }

    public required ReadOnlyMemory<byte> Issuer { get; init; }

    public required ReadOnlyMemory<byte> Validity { get; init; }

    public required ReadOnlyMemory<byte> Subject { get; init; }

    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    /// <summary>Empty: none.</summary>
    public required ReadOnlyMemory<byte> Extensions { get; init; }

    /// <summary>The algorithm beside the signature; the signed one, and what signs, is ECDSA with SHA-256.</summary>
    public string OuterAlgorithm { get; init; } = EcdsaWithSha256;

    public static CertificateParts Of(X509Certificate2 certificate)
    {
        var fields = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        var (version, serial) = (fields.ReadEncodedValue(), fields.ReadEncodedValue());
        fields.ReadEncodedValue();
        return new CertificateParts
        {
            Version = version,
            SerialNumber = serial,
            Issuer = fields.ReadEncodedValue(),
            Validity = fields.ReadEncodedValue(),
            Subject = fields.ReadEncodedValue(),
            PublicKey = fields.ReadEncodedValue(),
            Extensions = fields.ReadEncodedValue(),
        };
    }

    /// <summary>The certificate, signed by the EC key of an authority.</summary>
    public X509Certificate2 SignedBy(TestCA authority)
    {
        var signed = new AsnWriter(AsnEncodingRules.DER);
        using (signed.PushSequence())
        {
            foreach (var field in (ReadOnlyMemory<byte>[])[Version, SerialNumber, Algorithm(EcdsaWithSha256), Issuer, Validity, Subject, PublicKey, Extensions])
            {
                if (!field.IsEmpty)
                {
                    signed.WriteEncodedValue(field.Span);
                }
            }
        }

        var whole = new AsnWriter(AsnEncodingRules.DER);
        using (whole.PushSequence())
        {
            whole.WriteEncodedValue(signed.Encode());
            whole.WriteEncodedValue(Algorithm(OuterAlgorithm));
            whole.WriteBitString(authority.Certificate.GetECDsaPrivateKey()!.SignData(signed.Encode(), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }

        return X509CertificateLoader.LoadCertificate(whole.Encode());
    }

    /// <summary>The certificate with one bit of its signature changed, and with its key if it has one.</summary>
    public static X509Certificate2 WithDamagedSignature(X509Certificate2 certificate)
    {
        var bytes = certificate.RawData;
        bytes[^5] ^= 1;
        var damaged = X509CertificateLoader.LoadCertificate(bytes);
        return certificate.GetECDsaPrivateKey() is { } key ? damaged.CopyWithPrivateKey(key) : damaged;
    }

    private static byte[] Algorithm(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
        }

        return writer.Encode();
    }
}
