using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>The allowed usages of the key of a certificate (RFC 5280, section 4.2.1.3).</summary>
internal static class KeyUsage
{
    /// <summary>The allowed usages; <see langword="null"/>: the certificate does not restrict them.</summary>
    /// <exception cref="AsnContentException">The extension is malformed.</exception>
    public static X509KeyUsageFlags? Of(DecodedCertificate certificate)
    {
        if (certificate.Value(CertificateExtension.KeyUsage) is not { } value)
        {
            return null;
        }

        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var bits = reader.ReadBitString(out _);
        reader.ThrowIfNotEmpty();

        // The platform's flags have the bits in the order of the encoding's bytes.
        return bits.Length > 0
            ? (X509KeyUsageFlags)(bits[0] | (bits.Length > 1 ? bits[1] << 8 : 0))
            : X509KeyUsageFlags.None;
    }

    /// <summary>Whether it is a CA certificate whose key may sign certificates, but not handshakes.</summary>
    public static bool IsForCertificatesAlone(DecodedCertificate certificate)
    {
        const X509KeyUsageFlags Both = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature;
        return certificate.IsAuthority && (OfWellFormed(certificate) & Both) == X509KeyUsageFlags.KeyCertSign;
    }

    /// <summary>
    /// Whether an elliptic curve key may only agree on keys, not sign; the platform then does not sign with it.
    /// </summary>
    public static bool IsOnlyForKeyAgreement(DecodedCertificate certificate)
    {
        const X509KeyUsageFlags Signatures = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation
            | X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign;
        return certificate.Platform.PublicKey.Oid.Value == KeyDescription.Ec
            && (OfWellFormed(certificate) & (Signatures | X509KeyUsageFlags.KeyAgreement))
                == X509KeyUsageFlags.KeyAgreement;
    }

    private static X509KeyUsageFlags? OfWellFormed(DecodedCertificate certificate)
    {
        try
        {
            return Of(certificate);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
