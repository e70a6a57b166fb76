using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace FlexTls;

/// <summary>
/// A sequence of relative names, each a set of attributes, in a form that can be compared (RFC 5280, section 7.1):
/// texts without differences in letter case, kind of string and number of spaces; everything else, including long
/// texts, byte for byte.
/// </summary>
internal sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    // Two unreadable texts must not become equal.
    private static readonly Encoding Utf8 = new UTF8Encoding(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Utf32 = new UTF32Encoding(
        bigEndian: true, byteOrderMark: false, throwOnInvalidCharacters: true);
    private static readonly Encoding Utf16 = new UnicodeEncoding(
        bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);
    private const int MostBytesOfCharacter = 4;
    private readonly string[] _parts;
    private readonly List<(string Type, string? Text)> _attributes;
    private readonly int _hashCode;

    private DistinguishedName(string[] parts, List<(string Type, string? Text)> attributes)
    {
        (_parts, _attributes) = (parts, attributes);
        _hashCode = parts.Length == 0 ? 0 : HashCode.Combine(parts.Length, parts[^1]);
    }

    public bool IsEmpty => _parts.Length == 0;

    /// <summary>
    /// Whether every value is plain text that <see cref="ComparableText"/> normalizes; other values, and relative names
    /// without any, could disguise another name.
    /// </summary>
    public bool IsComparable =>
        !_parts.Contains("")
        && _attributes.TrueForAll(attribute => attribute.Text is { } text && ComparableText.IsPlain(text));

    /// <exception cref="AsnContentException">The encoded Name is malformed.</exception>
    public static DistinguishedName Of(ReadOnlyMemory<byte> encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.DER);
        var relativeNames = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var parts = new List<string>();
        var all = new List<(string Type, string? Text)>();
        while (relativeNames.HasData)
        {
            // The attributes of one relative name have no order; encoders that do not follow DER write them in
            // different orders.
            var attributes = relativeNames.ReadSetOf(skipSortOrderValidation: true);
            var texts = new List<string>();
            while (attributes.HasData)
            {
                texts.Add(Attribute(attributes.ReadSequence(), all));
            }

            texts.Sort(StringComparer.Ordinal);
            parts.Add(string.Concat(texts));
        }

        return new DistinguishedName([.. parts], all);
    }

    /// <summary>
    /// The texts of the attributes of a type, such as the common names, as they are in the certificate.
    /// </summary>
    public IEnumerable<string> Texts(string type) =>
        _attributes.Where(attribute => attribute.Type == type).Select(attribute => attribute.Text).OfType<string>();

    /// <summary>The number of attributes of a type, texts or not.</summary>
    public int Count(string type) => _attributes.Count(attribute => attribute.Type == type);

    /// <summary>Whether <paramref name="name"/> is below this one in the tree of names, or equal to it.</summary>
    public bool Covers(DistinguishedName name) =>
        name._parts.Length >= _parts.Length && _parts.AsSpan().SequenceEqual(name._parts.AsSpan(0, _parts.Length));

    public bool Equals(DistinguishedName? other) => other is not null && _parts.AsSpan().SequenceEqual(other._parts);

    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    public override int GetHashCode() => _hashCode;

    private static string Attribute(AsnReader attribute, List<(string Type, string? Text)> all)
    {
        var type = attribute.ReadObjectIdentifier();
        var tag = attribute.PeekTag();
        var encoded = attribute.ReadEncodedValue();
        var text = tag.TagClass == TagClass.Universal && EncodingOf((UniversalTagNumber)tag.TagValue) is { } encoding
            ? Text(encoded, tag, encoding)
            : null;
        var value = text is null ? Encoding.Latin1.GetString(encoded.Span) : ComparableText.Fold(text);
        attribute.ThrowIfNotEmpty();
        all.Add((type, text));

        // With its length, so that one value cannot pass for two.
        return string.Create(CultureInfo.InvariantCulture, $"{type}{(text is null ? '#' : '=')}{value.Length}:{value}");
    }

    /// <summary>
    /// The encoding of a string; <see langword="null"/>: it is not text. Many CAs write '*', '&amp;' or '_' into a
    /// PrintableString, which does not allow them; they too can be read in only one way.
    /// </summary>
    private static Encoding? EncodingOf(UniversalTagNumber kind) => kind switch
    {
        UniversalTagNumber.UTF8String => Utf8,
        UniversalTagNumber.BMPString => Utf16,
        UniversalTagNumber.UniversalString => Utf32,
        UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.T61String
            or UniversalTagNumber.VisibleString or UniversalTagNumber.NumericString => Encoding.Latin1,
        _ => null,
    };

    /// <summary>
    /// <see langword="null"/>: the bytes are invalid for the kind of string, or too many to be compared as text.
    /// </summary>
    private static string? Text(ReadOnlyMemory<byte> encoded, Asn1Tag tag, Encoding encoding)
    {
        if (!new AsnReader(encoded, AsnEncodingRules.DER).TryReadPrimitiveCharacterStringBytes(tag, out var bytes))
        {
            throw new AsnContentException("a text in pieces");
        }

        if (bytes.Length > MostBytesOfCharacter * ComparableText.Longest)
        {
            return null;
        }

        try
        {
            return ComparableText.Normalize(encoding.GetString(bytes.Span));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
