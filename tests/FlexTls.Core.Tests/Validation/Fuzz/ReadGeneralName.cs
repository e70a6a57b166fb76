using System.Formats.Asn1;
using System.Text;

namespace FlexTls.Validation.Fuzz;

/// <summary>An alternative name or the base of a constraint: the tag of RFC 5280 and the content.</summary>
internal sealed record ReadGeneralName(int Tag, byte[] Content, ReadName? Directory)
{
    public const int Mail = 1;
    public const int Dns = 2;
    public const int DirectoryName = 4;
    public const int Uri = 6;
    public const int Address = 7;

    /// <summary>In lower case: neither DNS names nor constraints know case.</summary>
    public string Text => Encoding.Latin1.GetString(Content).ToLowerInvariant();

    public static ReadGeneralName Of(AsnReader reader)
    {
        var tag = reader.PeekTag();
        if (tag.TagClass != TagClass.ContextSpecific || tag.TagValue > 8)
        {
            throw new AsnContentException("no GeneralName");
        }

        switch (tag.TagValue)
        {
            case DirectoryName:
                var wrapper = reader.ReadSequence(tag);
                var name = ReadName.Of(wrapper.ReadEncodedValue());
                wrapper.ThrowIfNotEmpty();
                return new ReadGeneralName(DirectoryName, [], name);
            case Mail or Dns or Uri:
                var text = reader.ReadOctetString(tag);
                return Array.TrueForAll(text, b => b > 0) ? new ReadGeneralName(tag.TagValue, text, null) : throw new AsnContentException("no text");
            case Address:
                return new ReadGeneralName(Address, reader.ReadOctetString(tag), null);
            default:
                return new ReadGeneralName(tag.TagValue, reader.ReadEncodedValue().ToArray(), null);
        }
    }
}
