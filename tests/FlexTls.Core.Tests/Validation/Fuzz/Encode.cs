using System.Formats.Asn1;

namespace FlexTls.Validation.Fuzz;

/// <summary>The parts of certificates in DER, good ones and bad ones.</summary>
internal static class Encode
{
    public const string CommonName = "2.5.4.3";
    public const string Organization = "2.5.4.10";

    public static byte[] Of(Action<AsnWriter> write)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        write(writer);
        return writer.Encode();
    }

    public static byte[] Sequence(params IEnumerable<byte[]> parts) => Of(writer =>
    {
        using var sequence = writer.PushSequence();
        foreach (var part in parts)
        {
            writer.WriteEncodedValue(part);
        }
    });

    public static byte[] Tagged(int tag, params IEnumerable<byte[]> parts) => Of(writer =>
    {
        using var sequence = writer.PushSequence(Context(tag));
        foreach (var part in parts)
        {
            writer.WriteEncodedValue(part);
        }
    });

    public static byte[] Octets(ReadOnlySpan<byte> content, int? tag = null)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(content, tag is { } t ? Context(t) : null);
        return writer.Encode();
    }

    public static byte[] Name(params IEnumerable<(string Type, string Text)> attributes) => Name(UniversalTagNumber.UTF8String, attributes);

    public static byte[] Name(UniversalTagNumber kind, params IEnumerable<(string Type, string Text)> attributes) => Sequence(attributes.Select(attribute =>
        Of(writer =>
        {
            using var relativeName = writer.PushSetOf();
            using var pair = writer.PushSequence();
            writer.WriteObjectIdentifier(attribute.Type);
            writer.WriteCharacterString(kind, attribute.Text);
        })));

    public static byte[] Dns(string text) => Octets(System.Text.Encoding.Latin1.GetBytes(text), 2);

    public static byte[] Uri(string text) => Octets(System.Text.Encoding.Latin1.GetBytes(text), 6);

    public static byte[] Mail(string text) => Octets(System.Text.Encoding.Latin1.GetBytes(text), 1);

    public static byte[] Address(params byte[] bytes) => Octets(bytes, 7);

    public static byte[] Directory(byte[] name) => Tagged(4, name);

    public static byte[] BasicConstraints(bool isAuthority, int? pathLength = null) => Of(writer =>
    {
        using var sequence = writer.PushSequence();
        if (isAuthority)
        {
            writer.WriteBoolean(true);
        }

        if (pathLength is { } length)
        {
            writer.WriteInteger(length);
        }
    });

    /// <param name="bits">The bits in the order of RFC 5280: the highest of the nine is digitalSignature.</param>
    public static byte[] KeyUsage(int bits) => Of(writer =>
    {
        byte[] bytes = [(byte)(bits >> 1), (byte)(bits << 7)];
        var length = bytes[1] != 0 ? 2 : bytes[0] != 0 ? 1 : 0;
        var unused = length == 0 ? 0 : System.Numerics.BitOperations.TrailingZeroCount((int)bytes[length - 1]);
        writer.WriteBitString(bytes.AsSpan(0, length), unused);
    });

    public static byte[] Usages(params IEnumerable<string> oids) => Sequence(oids.Select(oid => Of(writer => writer.WriteObjectIdentifier(oid))));

    public static byte[] Constraints(IReadOnlyCollection<byte[]> permitted, IReadOnlyCollection<byte[]> excluded) => Sequence(
        new[] { (Tag: 0, Bases: permitted), (Tag: 1, Bases: excluded) }
            .Where(list => list.Bases.Count > 0)
            .Select(list => Tagged(list.Tag, list.Bases.Select(name => Sequence(name)))));

    /// <summary>As RFC 5280 wants it: UTCTime until 2049, GeneralizedTime from then on.</summary>
    public static byte[] Time(DateTimeOffset time) => Of(writer =>
    {
        if (time.Year is >= 1950 and < 2050)
        {
            writer.WriteUtcTime(time, 2049);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    });

    private static Asn1Tag Context(int tag) => new(TagClass.ContextSpecific, tag);
}
