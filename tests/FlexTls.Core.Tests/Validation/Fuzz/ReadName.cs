using System.Formats.Asn1;

namespace FlexTls.Validation.Fuzz;

/// <summary>A distinguished name: relative names in order, each the set of its attributes.</summary>
internal sealed class ReadName
{
    private readonly List<string> _relativeNames = [];

    private ReadName(ReadOnlyMemory<byte> encoded)
    {
        var whole = new AsnReader(encoded, AsnEncodingRules.DER);
        var names = whole.ReadSequence();
        while (names.HasData)
        {
            var (set, attributes) = (names.ReadSetOf(), new SortedSet<string>(StringComparer.Ordinal));
            while (set.HasData)
            {
                var attribute = set.ReadSequence();
                var type = attribute.ReadObjectIdentifier();
                var value = attribute.PeekEncodedValue();
                attributes.Add($"{type}={Value(attribute)}");
                if (type == Oids.EmailAddress)
                {
                    Mails.Add(value[2..].ToArray());
                }

                attribute.ThrowIfNotEmpty();
            }

            _relativeNames.Add(string.Join('+', attributes));
        }
    }

    /// <summary>The addresses of mail in it, as bytes; they are short.</summary>
    public List<byte[]> Mails { get; } = [];

    public bool IsEmpty => _relativeNames.Count == 0;

    public static ReadName Of(ReadOnlyMemory<byte> encoded) => new(encoded);

    public bool IsWithin(ReadName other) => _relativeNames.Take(other._relativeNames.Count).SequenceEqual(other._relativeNames);

    public override bool Equals(object? obj) => obj is ReadName other && _relativeNames.SequenceEqual(other._relativeNames);

    public override int GetHashCode() => _relativeNames.Count;

    private static string Value(AsnReader attribute)
    {
        var kind = (UniversalTagNumber)attribute.PeekTag().TagValue;
        if (attribute.PeekTag().TagClass != TagClass.Universal || kind is not (UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.BMPString))
        {
            return Convert.ToHexString(attribute.ReadEncodedValue().Span);
        }

        // What is no PrintableString is often written as one, and nobody minds.
        var text = kind is UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String && attribute.TryReadPrimitiveCharacterStringBytes(attribute.PeekTag(), out var bytes)
            ? System.Text.Encoding.Latin1.GetString(bytes.Span)
            : attribute.ReadCharacterString(kind);
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words).ToLowerInvariant();
    }
}
