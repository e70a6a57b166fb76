using System.Formats.Asn1;

namespace FlexTls;

/// <summary>
/// The key identifiers of certificates (RFC 5280, sections 4.2.1.1 and 4.2.1.2). They determine the order of the search
/// and the text of messages; only a signature proves that a key fits. An unreadable identifier counts as missing,
/// because a certificate outside the path must not cause a refusal.
/// </summary>
internal static class KeyIdentifiers
{
    private static readonly Asn1Tag OfAuthority = new(TagClass.ContextSpecific, 0);

    /// <summary>The identifier of the certificate's own key.</summary>
    public static ReadOnlyMemory<byte>? Of(DecodedCertificate certificate)
    {
        if (certificate.Value(CertificateExtension.SubjectKeyIdentifier) is { } value
            && Content(value, Asn1Tag.PrimitiveOctetString, out var rest) is { } key && rest == 0)
        {
            return key;
        }

        return null;
    }

    /// <summary>The identifier of the key that signed the certificate.</summary>
    public static ReadOnlyMemory<byte>? OfIssuer(DecodedCertificate certificate)
    {
        if (certificate.Value(CertificateExtension.AuthorityKeyIdentifier) is { } value
            && Content(value, Asn1Tag.Sequence, out _) is { } fields)
        {
            return Content(fields, OfAuthority, out _);
        }

        return null;
    }

    /// <summary>Refuses malformed identifiers, which the platform treats inconsistently.</summary>
    /// <exception cref="AsnContentException">An identifier is malformed.</exception>
    public static void Check(DecodedCertificate certificate)
    {
        if (certificate.Value(CertificateExtension.SubjectKeyIdentifier) is not null && Of(certificate) is null)
        {
            throw new AsnContentException("a key identifier that cannot be read");
        }

        if (certificate.Value(CertificateExtension.AuthorityKeyIdentifier) is { } value)
        {
            var reader = new AsnReader(value, AsnEncodingRules.DER);
            var fields = reader.ReadSequence();
            reader.ThrowIfNotEmpty();

            // The key identifier, the issuer's issuer and its serial number: each may be absent.
            for (var field = 0; field <= 2 && fields.HasData; field++)
            {
                if (fields.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, field)))
                {
                    fields.ReadEncodedValue();
                }
            }

            fields.ThrowIfNotEmpty();
        }
    }

    /// <summary>
    /// Whether a certificate names a key other than an issuer's; if it names none, they may match.
    /// </summary>
    public static bool Differ(DecodedCertificate certificate, DecodedCertificate issuer) =>
        OfIssuer(certificate) is { } wanted && Of(issuer) is { } own && !wanted.Span.SequenceEqual(own.Span);

    private static ReadOnlyMemory<byte>? Content(ReadOnlyMemory<byte> encoded, Asn1Tag expected, out int rest)
    {
        var isRead = AsnDecoder.TryReadEncodedValue(
            encoded.Span, AsnEncodingRules.DER, out var tag, out var start, out var length, out var consumed);
        rest = encoded.Length - consumed;

        // No conditional expression: a null in it would become an empty memory, which is not null.
        if (isRead && tag == expected)
        {
            return encoded.Slice(start, length);
        }

        return null;
    }
}
