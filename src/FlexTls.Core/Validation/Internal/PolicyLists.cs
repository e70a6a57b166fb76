using System.Formats.Asn1;
using FlexTls.Certificates;

namespace FlexTls.Validation;

/// <summary>
/// Certificate policies and their mappings (RFC 5280, sections 4.2.1.4 and 4.2.1.5). The platform follows them on every
/// path that it is asked about, so they are bounded like usages.
/// </summary>
internal static class PolicyLists
{
    private const int Most = 100;

    /// <exception cref="AsnContentException">A list is malformed, or longer than any certificate needs.</exception>
    public static void Check(DecodedCertificate certificate)
    {
        Check(certificate.Value(CertificateExtension.CertificatePolicies));
        Check(certificate.Value(CertificateExtension.PolicyMappings));
    }

    private static void Check(ReadOnlyMemory<byte>? value)
    {
        if (value is not { } encoded)
        {
            return;
        }

        var list = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
        for (var count = 0; list.HasData; count++)
        {
            list.ReadEncodedValue();
            if (count == Most)
            {
                throw new AsnContentException("more policies, or mappings of them, than any certificate needs");
            }
        }
    }
}
