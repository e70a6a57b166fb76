using System.Formats.Asn1;
using System.Net;

namespace FlexTls.Validation.Fuzz;

/// <summary>Names at the edges of the rules.</summary>
internal static class NamePools
{
    public static byte[][] Subjects { get; } =
    [
        Encode.Name((Encode.CommonName, "Fuzz Root")),
        Encode.Name((Encode.CommonName, "FUZZ  root ")),
        Encode.Name(UniversalTagNumber.PrintableString, (Encode.CommonName, "Fuzz Root")),
        Encode.Name((Encode.Organization, "FlexTls"), (Encode.CommonName, "Fuzz 1")),
        Encode.Name(UniversalTagNumber.PrintableString, (Encode.Organization, "flextls"), (Encode.CommonName, "Fuzz 1")),
        Encode.Name((Encode.Organization, "FlexTls"), (Encode.CommonName, "orders.example")),
        Encode.Name((Encode.Organization, "Other"), (Encode.CommonName, "orders.example")),
        Encode.Name((Encode.CommonName, "evil.example")),
        Encode.Name((Encode.CommonName, "10.1.2.3")),
        Encode.Name((Encode.CommonName, "010.001.2.3")),
        Encode.Name((Encode.CommonName, "ünder.example")),
        Encode.Name(UniversalTagNumber.BMPString, (Encode.CommonName, "Fuzz Root")),
        Encode.Name(UniversalTagNumber.IA5String, ("1.2.840.113549.1.9.1", "someone@evil.example"), (Encode.CommonName, "Fuzz 2")),
        Encode.Name((Encode.CommonName, "a\0b\r\nc")),
        Encode.Name(),
        Encode.Sequence(Encode.Of(writer => writer.WriteNull())),
        Encode.Sequence(SetOf([0x1E, 0x03, 0xD8, 0x00, 0x41])), // BMPString of three bytes.
        Encode.Sequence(SetOf([0x1E, 0x02, 0xD8, 0x00])), // Half a surrogate pair.
        Encode.Sequence(SetOf([0x0C, 0x02, 0xC3, 0x28])), // No UTF-8.
        Encode.Sequence(SetOf([0x02, 0x01, 0x05])), // An INTEGER.
        Encode.Sequence(SetOf([0x13, 0x03, 0x41, 0x26, 0x5F])), // A PrintableString with & and _, which it cannot have and often has.
        Encode.Sequence(SetOf([0x16, 0x02, 0x41, 0x81])), // An IA5String with a byte that is no ASCII.
        Encode.Of(writer => writer.WriteNull()),
    ];

    public static byte[][] Presented { get; } =
    [
        .. FuzzHost.All.SelectMany(host => host.Fitting), .. FuzzHost.All.SelectMany(host => host.Fitting),
        .. new[]
        {
            "*.example", "*.internal", "*", "*.*.example", "e*.orders.example", "*u.orders.example", "eu.*.example", "orders.example.", ".orders.example", "orders.example\0.evil.example",
            "evil.example", "10.1.2.3", "2001:db8::7", "", "\u00FCnder.example", new string('a', 64) + ".example", "*.evil.example", "xn--bcher-kva.example", "orders..example",
        }.Select(Encode.Dns),
        .. new[] { "https://orders.example/", "spiffe://orders.example/a", "https://user@evil.example:1/", "https://10.1.2.3/", "urn:a:b", "", "https://eu.orders.example" }.Select(Encode.Uri),
        Encode.Mail("someone@evil.example"), Encode.Mail("someone@orders.example"), Encode.Mail(""),
        Encode.Address(10, 1, 2), Encode.Address(10, 1, 2, 3, 255, 255, 255, 255), Encode.Address(192, 0, 2, 1),
        Encode.Address(IPAddress.Parse("::ffff:10.1.2.3").GetAddressBytes()), Encode.Address(IPAddress.Parse("2001:db8::8").GetAddressBytes()),
        Encode.Directory(Subjects[3]), Encode.Directory(Subjects[6]), Encode.Directory(Encode.Of(writer => writer.WriteNull())),
        Encode.Octets([0x2A, 3, 4], 8), Encode.Tagged(0, Encode.Of(writer => writer.WriteObjectIdentifier("1.2.3")), Encode.Tagged(0, Encode.Of(writer => writer.WriteNull()))),
        Encode.Octets([1], 9), Encode.Of(writer => writer.WriteNull()),
    ];

    public static byte[][] Constrained { get; } =
    [
        .. new[]
        {
            "example", "EXAMPLE", "orders.example", ".orders.example", "eu.orders.example", ".eu.orders.example", "a.eu.orders.example", "x.y.orders.example", "rders.example", "internal", "",
            "evil.example", "*.example", ".", "example.", "\u00FCnder",
        }.Select(Encode.Dns),
        Network("10.0.0.0", "255.0.0.0"), Network("10.1.2.3", "255.255.255.255"), Network("10.1.2.2", "255.255.255.254"), Network("0.0.0.0", "0.0.0.0"), Network("192.0.2.0", "255.255.255.0"),
        Network("10.0.0.0", "255.0.255.0"), Network("2001:db8::", "ffff:ffff::"), Network("::", "::"), Network("2001:db8::8", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), Encode.Address(10, 0, 0, 0),
        Encode.Directory(Encode.Name((Encode.Organization, "FLEXTLS"))), Encode.Directory(Encode.Name((Encode.Organization, "FlexTls"))),
        Encode.Directory(Encode.Name(UniversalTagNumber.PrintableString, (Encode.Organization, "Other"))), Encode.Directory(Encode.Name()), Encode.Directory(Subjects[5]),
        Encode.Uri("orders.example"), Encode.Uri(".example"), Encode.Uri("evil.example"), Encode.Uri(""), Encode.Mail("evil.example"), Encode.Mail("someone@evil.example"), Encode.Mail(".example"), Encode.Mail("orders.example"), Encode.Octets([0x2A, 3, 4], 8),
    ];

    public static byte[][] OddConstraints { get; } =
    [
        Encode.Sequence(), Encode.Sequence(Encode.Tagged(0)), Encode.Sequence(Encode.Tagged(1)),
        Encode.Sequence(Encode.Tagged(0, Encode.Sequence(Encode.Dns("example"), Encode.Octets([0], 0)))), // The minimum that is the default.
        Encode.Sequence(Encode.Tagged(0, Encode.Sequence(Encode.Dns("example"), Encode.Octets([1], 0)))),
        Encode.Sequence(Encode.Tagged(1, Encode.Sequence(Encode.Dns("evil.example"), Encode.Octets([9], 1)))),
        Encode.Sequence(Encode.Tagged(1, Encode.Sequence(Encode.Dns("evil.example"))), Encode.Tagged(0, Encode.Sequence(Encode.Dns("example")))),
        Encode.Sequence(Encode.Tagged(2, Encode.Sequence(Encode.Dns("example")))),
    ];

    private static byte[] Network(string address, string mask) =>
        Encode.Address([.. IPAddress.Parse(address).GetAddressBytes(), .. IPAddress.Parse(mask).GetAddressBytes()]);

    private static byte[] SetOf(byte[] value) => Encode.Of(writer =>
    {
        using var relativeName = writer.PushSetOf();
        using var pair = writer.PushSequence();
        writer.WriteObjectIdentifier(Encode.CommonName);
        writer.WriteEncodedValue(value);
    });
}
