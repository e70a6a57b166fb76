using System.Formats.Asn1;

namespace FlexTls;

/// <summary>
/// The long form of an authority key identifier (RFC 5280, section 4.2.1.1): it names one certificate of the CA by
/// issuer and serial number. The platform accepts no other certificate, even one with the same key.
/// </summary>
/// <remarks>
/// Decoded once for all comparisons: a server may put a long name into it.
/// </remarks>
internal sealed class IssuerReference
{
    private static readonly Asn1Tag IssuerTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag SerialNumberTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag DirectoryName = new(TagClass.ContextSpecific, 4);

    private readonly ReadOnlyMemory<byte>? _serialNumber;
    private readonly DistinguishedName? _issuer;

    private IssuerReference(ReadOnlyMemory<byte>? serialNumber, DistinguishedName? issuer) =>
        (_serialNumber, _issuer) = (serialNumber, issuer);

    /// <summary>The reference of a certificate; <see langword="null"/>: it has none that can be read.</summary>
    public static IssuerReference? Of(DecodedCertificate certificate)
    {
        try
        {
            return certificate.Value(CertificateExtension.AuthorityKeyIdentifier) is { } value
                ? Read(new AsnReader(value, AsnEncodingRules.DER).ReadSequence())
                : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>Whether it names a certificate other than this one of a CA.</summary>
    public bool IsToAnother(DecodedCertificate authority) =>
        (_serialNumber is { } serialNumber && !serialNumber.Span.SequenceEqual(authority.SerialNumber.Span))
        || (_issuer is { } issuer && !issuer.Equals(authority.IssuerName));

    /// <summary>The reason if that CA has only other certificates.</summary>
    public static ServerCertificateFailure ToAnother(DecodedCertificate certificate) => Refusal.Of(
        DiagnosticCodes.OtherIssuerCertificate,
        "a certificate names another certificate of its CA",
        $"{certificate.Shown} names, by issuer and serial number, one certificate of {certificate.ShownIssuer}, "
        + "but the one at hand is another with the same key: the CA was renewed or cross-signed",
        $"reissue {certificate.Shown} with an authority key identifier that names only the key "
        + "(authorityKeyIdentifier = keyid), or use the certificate of the CA that it names",
        presented: certificate.Shown);

    private static IssuerReference Read(AsnReader fields)
    {
        ReadOnlyMemory<byte>? serialNumber = null;
        DistinguishedName? issuer = null;
        while (fields.HasData)
        {
            var tag = fields.PeekTag();
            if (tag.HasSameClassAndValue(SerialNumberTag))
            {
                serialNumber = fields.ReadIntegerBytes(SerialNumberTag);
            }
            else if (tag.HasSameClassAndValue(IssuerTag))
            {
                issuer = FirstName(fields.ReadSequence(IssuerTag));
            }
            else
            {
                // The key identifier.
                fields.ReadEncodedValue();
            }
        }

        return new IssuerReference(serialNumber, issuer);
    }

    /// <summary>If there are several names, the first directoryName counts.</summary>
    private static DistinguishedName? FirstName(AsnReader names)
    {
        while (names.HasData)
        {
            if (names.PeekTag().HasSameClassAndValue(DirectoryName))
            {
                return DistinguishedName.Of(names.ReadSequence(DirectoryName).ReadEncodedValue());
            }

            names.ReadEncodedValue();
        }

        return null;
    }
}
