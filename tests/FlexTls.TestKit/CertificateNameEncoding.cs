using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FlexTls.TestKit;

/// <summary>Names and constraints for names as they stand in certificates (RFC 5280, section 4.2.1), good and bad ones.</summary>
public static class CertificateNameEncoding
{
    /// <summary>A Name with this common name in a PrintableString, whatever it holds.</summary>
    public static byte[] PrintableName(string commonName)
    {
        var text = Encoding.ASCII.GetBytes(commonName);
        byte[] attribute = [6, 3, 0x55, 4, 3, 0x13, (byte)text.Length, .. text];
        return [0x30, (byte)(attribute.Length + 4), 0x31, (byte)(attribute.Length + 2), 0x30, (byte)attribute.Length, .. attribute];
    }

    public static byte[] Dns(string name) => Text(2, Encoding.Latin1.GetBytes(name));

    public static byte[] Mail(string address) => Text(1, Encoding.Latin1.GetBytes(address));

    public static byte[] Uri(string uri) => Text(6, Encoding.Latin1.GetBytes(uri));

    public static byte[] Address(string address) => Text(7, IPAddress.Parse(address).GetAddressBytes());

    public static byte[] Address(byte[] bytes) => Text(7, bytes);

    public static byte[] Network(string address, string mask) => Text(7, [.. IPAddress.Parse(address).GetAddressBytes(), .. IPAddress.Parse(mask).GetAddressBytes()]);

    public static byte[] Directory(string name) => Directory(new X500DistinguishedName(name));

    /// <summary>A directoryName whose first relative name is empty: short names only.</summary>
    public static byte[] DirectoryBelowNothing(string name) =>
        new X500DistinguishedName(name).RawData is [0x30, var length, .. var rest]
            ? Directory(new X500DistinguishedName([0x30, (byte)(length + 2), 0x31, 0, .. rest]))
            : throw new ArgumentException("Not a name.", nameof(name));

    private static byte[] Directory(X500DistinguishedName name) => Write(writer =>
    {
        using (writer.PushSequence(Tag(4)))
        {
            writer.WriteEncodedValue(name.RawData);
        }
    });

    /// <summary>An otherName: a user principal name.</summary>
    public static byte[] Other(string text) => Write(writer =>
    {
        using (writer.PushSequence(Tag(0)))
        {
            writer.WriteObjectIdentifier("1.3.6.1.4.1.311.20.2.3");
            using (writer.PushSequence(Tag(0)))
            {
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, text);
            }
        }
    });

    public static X509Extension AlternativeNames(params byte[][] names) => AlternativeNames(isCritical: false, names);

    public static X509Extension AlternativeNames(bool isCritical, params byte[][] names) => new("2.5.29.17", Write(writer =>
    {
        using (writer.PushSequence())
        {
            WriteAll(writer, names);
        }
    }), isCritical);

    public static X509Extension Constraints(byte[][] permitted, byte[][] excluded) => Constraints([.. permitted.Select(Subtree)], [.. excluded.Select(Subtree)], isCritical: true);

    /// <summary>Constraints of subtrees that are written by the test; an empty list is left out.</summary>
    public static X509Extension Constraints(byte[][] permitted, byte[][] excluded, bool isCritical) => new("2.5.29.30", Write(writer =>
    {
        using (writer.PushSequence())
        {
            foreach (var (subtrees, tag) in new[] { (permitted, 0), (excluded, 1) }.Where(list => list.Item1.Length > 0))
            {
                using (writer.PushSequence(Tag(tag)))
                {
                    WriteAll(writer, subtrees);
                }
            }
        }
    }), isCritical);

    public static byte[] Subtree(byte[] name) => Subtree(name, minimum: null, maximum: null);

    /// <summary>A subtree with the bounds that RFC 5280 rules out.</summary>
    public static byte[] Subtree(byte[] name, int? minimum, int? maximum) => Write(writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(name);
            if (minimum is { } least)
            {
                writer.WriteInteger(least, Tag(0));
            }

            if (maximum is { } most)
            {
                writer.WriteInteger(most, Tag(1));
            }
        }
    });

    private static byte[] Text(int form, byte[] content) => Write(writer => writer.WriteOctetString(content, Tag(form)));

    private static Asn1Tag Tag(int value) => new(TagClass.ContextSpecific, value);

    private static void WriteAll(AsnWriter writer, byte[][] values)
    {
        foreach (var value in values)
        {
            writer.WriteEncodedValue(value);
        }
    }

    private static byte[] Write(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }
}
