using System.Formats.Asn1;

namespace FlexTls.Certificates;

/// <summary>The names that a CA may certify (RFC 5280, section 4.2.1.10).</summary>
internal sealed record ConstrainedNames(IReadOnlyList<NameSubtree> Permitted, IReadOnlyList<NameSubtree> Excluded)
{
    private static readonly Asn1Tag PermittedTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ExcludedTag = new(TagClass.ContextSpecific, 1);

    public int Count => Permitted.Count + Excluded.Count;

    /// <summary>The constraints of a CA; <see langword="null"/>: none.</summary>
    /// <exception cref="AsnContentException">The extension is malformed or says nothing.</exception>
    public static ConstrainedNames? Of(DecodedCertificate authority)
    {
        if (authority.Value(CertificateExtension.NameConstraints) is not { } value)
        {
            return null;
        }

        var reader = new AsnReader(value, AsnEncodingRules.DER);
        var lists = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var constraints = new ConstrainedNames(Read(lists, PermittedTag), Read(lists, ExcludedTag));
        lists.ThrowIfNotEmpty();
        return constraints.Count > 0 ? constraints : throw new AsnContentException("name constraints that constrain nothing");
    }

    private static List<NameSubtree> Read(AsnReader lists, Asn1Tag tag)
    {
        var subtrees = new List<NameSubtree>();
        if (lists.HasData && lists.PeekTag().HasSameClassAndValue(tag))
        {
            var list = lists.ReadSequence(tag);
            do
            {
                subtrees.Add(NameSubtree.Read(list));
            }
            while (list.HasData);
        }

        return subtrees;
    }
}
