using System.Formats.Asn1;
using FlexTls.Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Validation;

/// <summary>
/// The long form of an authority key identifier (RFC 5280, section 4.2.1.1): it names one certificate of the CA, by
/// issuer and serial number. The platform takes no other, though the key be the same.
/// </summary>
internal static class IssuerReference
{
    private static readonly Asn1Tag Issuer = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag SerialNumber = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag DirectoryName = new(TagClass.ContextSpecific, 4);

    /// <summary>
    /// Whether a certificate names another certificate than this one of its CA; what cannot be read names none.
    /// </summary>
    public static bool IsToAnother(DecodedCertificate certificate, DecodedCertificate authority)
    {
        try
        {
            return certificate.Value(CertificateExtension.AuthorityKeyIdentifier) is { } value
                && IsToAnother(new AsnReader(value, AsnEncodingRules.DER).ReadSequence(), authority);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>The reason where another certificate of that CA is all that there is.</summary>
    public static ServerCertificateFailure ToAnother(DecodedCertificate certificate) => Refusal.Of(
        DiagnosticCodes.OtherIssuerCertificate,
        "a certificate names another certificate of its CA",
        $"{certificate.Shown} names, by issuer and serial number, one certificate of {certificate.ShownIssuer}, "
        + "but the one at hand is another with the same key: the CA was renewed or cross-signed",
        $"reissue {certificate.Shown} with an authority key identifier of the key alone "
        + "(authorityKeyIdentifier = keyid), or use the certificate of the CA that it names",
        presented: certificate.Shown);

    private static bool IsToAnother(AsnReader fields, DecodedCertificate authority)
    {
        var isToAnother = false;
        while (fields.HasData)
        {
            var tag = fields.PeekTag();
            if (tag.HasSameClassAndValue(SerialNumber))
            {
                isToAnother |= !fields.ReadIntegerBytes(SerialNumber).Span.SequenceEqual(authority.SerialNumber.Span);
            }
            else if (tag.HasSameClassAndValue(Issuer))
            {
                isToAnother |= NamesAnother(fields.ReadSequence(Issuer), authority);
            }
            else
            {
                // The key identifier.
                fields.ReadEncodedValue();
            }
        }

        return isToAnother;
    }

    /// <summary>Of several names the first directoryName counts.</summary>
    private static bool NamesAnother(AsnReader names, DecodedCertificate authority)
    {
        while (names.HasData)
        {
            if (names.PeekTag().HasSameClassAndValue(DirectoryName))
            {
                var name = names.ReadSequence(DirectoryName).ReadEncodedValue();
                return !DistinguishedName.Of(name).Equals(authority.IssuerName);
            }

            names.ReadEncodedValue();
        }

        return false;
    }
}
