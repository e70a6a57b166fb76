using System.Formats.Asn1;

namespace FlexTls;

/// <summary>
/// A subtree of name constraints (RFC 5280, section 4.2.1.10) in a supported form: dNSName, iPAddress, directoryName,
/// URI, rfc822Name. Anything irregular in a constraint or a name causes an exception, and so a refusal.
/// </summary>
internal sealed class NameSubtree
{
    private static readonly Asn1Tag Minimum = new(TagClass.ContextSpecific, 0);
    private readonly GeneralName _base;
    private readonly string _zone = "";
    private readonly bool _isBelowOnly;
    private readonly string? _localPart;
    private readonly AddressRange? _range;
    private readonly DistinguishedName? _directory;

    private NameSubtree(GeneralName @base)
    {
        _base = @base;
        switch (@base.Form)
        {
            case GeneralName.DnsName or GeneralName.Uri or GeneralName.Rfc822Name:
                // The same limit as for a name that is compared with it.
                const int Longest = CertifiedName.LongestCompared;
                var text = @base.Content.Length <= Longest && @base.IsProper ? @base.Text
                    : throw new AsnContentException(
                        $"a constraint that is not ASCII, or longer than {Longest} characters");
                if (@base.Form == GeneralName.Rfc822Name && text.LastIndexOf('@') is var at and > 0)
                {
                    (_localPart, text) = (text[..at], text[(at + 1)..]);
                }

                // OpenSSL and others also accept a leading dot in a dNSName, which excludes the name itself. An empty
                // dNSName matches every name.
                _isBelowOnly = _localPart is null && text.StartsWith('.');
                _zone = text.Length == 0 && @base.Form == GeneralName.DnsName
                    ? ""
                    : DnsLabels.Check(_isBelowOnly ? text[1..] : text);
                break;
            case GeneralName.IPAddressForm:
                _range = new AddressRange(@base.Content);
                break;
            case GeneralName.DirectoryName:
                _directory = new CertifiedName(@base).Directory;
                break;
        }
    }

    public int Form => _base.Form;

    public bool IsUnderstood => IsUnderstoodForm(Form);

    public static bool IsUnderstoodForm(int form) =>
        form is GeneralName.DnsName or GeneralName.IPAddressForm or GeneralName.DirectoryName or GeneralName.Uri
            or GeneralName.Rfc822Name;

    /// <exception cref="AsnContentException">
    /// The subtree is malformed, or has bounds, which RFC 5280 rules out.
    /// </exception>
    public static NameSubtree Read(AsnReader subtrees)
    {
        var fields = subtrees.ReadSequence();
        var subtree = new NameSubtree(GeneralName.Read(fields));
        if (fields.HasData && fields.PeekTag().HasSameClassAndValue(Minimum) && !fields.ReadInteger(Minimum).IsZero)
        {
            throw new AsnContentException("a name constraint with a minimum");
        }

        fields.ThrowIfNotEmpty();
        return subtree;
    }

    /// <summary>Whether everything that the name stands for is in the subtree.</summary>
    public bool Covers(CertifiedName name) => Form switch
    {
        // Everything that a wildcard stands for is below its parent, so a leading dot excludes none of it.
        GeneralName.DnsName => DnsLabels.IsBelow(name.Host, _zone)
            || (DnsLabels.IsAt(name.Host, _zone) && (name.IsWildcard || !_isBelowOnly)),
        // Unlike a dNSName, a host stands only for itself; with a leading dot, for the names below it.
        GeneralName.Uri => _isBelowOnly ? DnsLabels.IsBelow(name.Host, _zone) : DnsLabels.IsAt(name.Host, _zone),
        GeneralName.Rfc822Name => (_localPart is null || name.LocalPart.SequenceEqual(_localPart))
            && (_isBelowOnly ? DnsLabels.IsBelow(name.Host, _zone) : DnsLabels.IsAt(name.Host, _zone)),
        GeneralName.IPAddressForm => _range!.Holds(name.Name.ToAddress()),
        GeneralName.DirectoryName => _directory!.Covers(name.Directory),
        _ => throw new AsnContentException($"a name constraint of the form {_base.FormName}, which is not understood"),
    };

    /// <summary>
    /// Whether anything that the name stands for is in the subtree: a wildcard stands for many names, a mapped address
    /// for an IPv4 one.
    /// </summary>
    public bool Touches(CertifiedName name) => Covers(name) || Form switch
    {
        GeneralName.DnsName => !_isBelowOnly && DnsLabels.IsByWildcard(name.Name.Text, _zone),
        GeneralName.IPAddressForm => _range!.HoldsMapped(name.Name.ToAddress()),
        _ => false,
    };

    public string Shown() => _range is null ? _base.Shown() : $"{_base.FormName} {_range}";
}
