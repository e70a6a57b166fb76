using System.Formats.Asn1;
using System.Net;

namespace FlexTls;

/// <summary>
/// A name of a certificate, or of a constraint, in one of the forms of RFC 5280, section 4.2.1.6. The tag is the form.
/// Values are decoded at most once.
/// </summary>
/// <param name="form">The form.</param>
/// <param name="content">
/// The bytes of a text or an address, the encoded name of a directoryName, or, for other forms, any bytes.
/// </param>
/// <param name="directory">The decoded directoryName.</param>
internal sealed class GeneralName(int form, ReadOnlyMemory<byte> content, DistinguishedName? directory = null)
{
    public const int Rfc822Name = 1;
    public const int DnsName = 2;
    public const int DirectoryName = 4;
    public const int Uri = 6;
    public const int IPAddressForm = 7;

    private static readonly string[] Forms =
    [
        "otherName", "rfc822Name", "dNSName", "x400Address", "directoryName", "ediPartyName", "URI", "iPAddress",
        "registeredID",
    ];

    private const int LongestShown = 200;
    private string? _text;
    private IPAddress? _address;

    public int Form => form;

    public ReadOnlyMemory<byte> Content => content;

    /// <summary>The name of the form in RFC 5280.</summary>
    public string FormName => Forms[form];

    /// <summary>
    /// Whether the value is valid for the form: ASCII, or an address of 4 or 16 bytes. An invalid value vouches for
    /// nothing, and is refused if a CA constrains the form.
    /// </summary>
    public bool IsProper => form switch
    {
        Rfc822Name or DnsName or Uri => System.Text.Ascii.IsValid(content.Span),
        IPAddressForm => content.Length is 4 or 16,
        _ => true,
    };

    /// <summary>The text of a dNSName, URI or rfc822Name, whether <see cref="IsProper"/> or not.</summary>
    public string Text => _text ??= System.Text.Encoding.UTF8.GetString(content.Span);

    /// <summary>The decoded directoryName; <see langword="null"/> for other forms.</summary>
    public DistinguishedName? Directory => directory;

    /// <exception cref="AsnContentException">
    /// The name is malformed, or a text with NUL, at which many programs end it.
    /// </exception>
    public static GeneralName Read(AsnReader names)
    {
        var tag = names.PeekTag();
        if (tag.TagClass != TagClass.ContextSpecific || tag.TagValue < 0 || tag.TagValue >= Forms.Length)
        {
            throw new AsnContentException("a name of an unknown form");
        }

        switch (tag.TagValue)
        {
            case Rfc822Name or DnsName or Uri or IPAddressForm:
                if (!names.TryReadPrimitiveOctetString(out var content, tag))
                {
                    throw new AsnContentException("a name in pieces");
                }

                return tag.TagValue == IPAddressForm || !content.Span.Contains((byte)0)
                    ? new GeneralName(tag.TagValue, content)
                    : throw new AsnContentException($"a {Forms[tag.TagValue]} with a NUL");
            case DirectoryName:
                var wrapper = names.ReadSequence(tag);
                var name = wrapper.ReadEncodedValue();
                wrapper.ThrowIfNotEmpty();
                return new GeneralName(DirectoryName, name, DistinguishedName.Of(name));
            default:
                return new GeneralName(tag.TagValue, names.ReadEncodedValue());
        }
    }

    /// <summary>The address of an iPAddress in a certificate.</summary>
    /// <exception cref="AsnContentException">It has neither 4 nor 16 bytes.</exception>
    public IPAddress ToAddress() => _address ??= content.Length is 4 or 16
        ? new IPAddress(content.Span)
        : throw new AsnContentException("an iPAddress of a wrong length");

    /// <summary>The form and the value for messages, truncated.</summary>
    public string Shown() => Form switch
    {
        Rfc822Name or DnsName or Uri => $"{FormName} {FlexTls.Text.Cut(Text, LongestShown)}",
        IPAddressForm => IsProper ? $"{FormName} {ToAddress()}" : $"{FormName} of a wrong length",
        DirectoryName => $"{FormName} {FlexTls.Text.Cut(NameText.Of(content), LongestShown)}",
        _ => FormName,
    };
}
