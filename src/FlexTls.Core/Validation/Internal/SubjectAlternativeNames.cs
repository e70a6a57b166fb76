using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.Validation;

/// <summary>The names in a certificate's subject alternative name that can vouch for a host (RFC 5280, section 4.2.1.6).</summary>
internal sealed record SubjectAlternativeNames(IReadOnlyList<string> DnsNames, IReadOnlyList<IPAddress> Addresses)
{
    private const string Oid = "2.5.29.17";
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag IPAddressTag = new(TagClass.ContextSpecific, 7);

    public bool IsEmpty => DnsNames.Count == 0 && Addresses.Count == 0;

    /// <exception cref="AsnContentException">The extension is malformed or stands there twice.</exception>
    public static SubjectAlternativeNames Of(X509Certificate2 certificate)
    {
        var extensions = certificate.Extensions.Where(extension => extension.Oid?.Value == Oid).ToList();
        if (extensions.Count > 1)
        {
            throw new AsnContentException("more than one subject alternative name extension");
        }

        var (dnsNames, addresses) = (new List<string>(), new List<IPAddress>());
        if (extensions.Count == 1)
        {
            Read(extensions[0].RawData, dnsNames, addresses);
        }

        return new SubjectAlternativeNames(dnsNames, addresses);
    }

    private static void Read(byte[] data, List<string> dnsNames, List<IPAddress> addresses)
    {
        var reader = new AsnReader(data, AsnEncodingRules.DER);
        var names = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        while (names.HasData)
        {
            var tag = names.PeekTag();
            if (tag.HasSameClassAndValue(DnsName))
            {
                dnsNames.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, DnsName));
            }
            else if (tag.HasSameClassAndValue(IPAddressTag))
            {
                var address = names.ReadOctetString(IPAddressTag);
                addresses.Add(address.Length is 4 or 16 ? new IPAddress(address) : throw new AsnContentException("an iPAddress of a wrong length"));
            }
            else
            {
                names.ReadEncodedValue();
            }
        }
    }
}
