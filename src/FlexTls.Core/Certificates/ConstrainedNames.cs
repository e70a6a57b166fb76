using System.Formats.Asn1;

namespace FlexTls;

/// <summary>The names that a CA may certify (RFC 5280, section 4.2.1.10).</summary>
/// <param name="Permitted">The names that it may certify.</param>
/// <param name="Excluded">The names that it must not certify.</param>
/// <param name="Bytes">Their total length.</param>
internal sealed record ConstrainedNames(
    IReadOnlyList<NameSubtree> Permitted, IReadOnlyList<NameSubtree> Excluded, int Bytes)
{
    private static readonly Asn1Tag PermittedTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ExcludedTag = new(TagClass.ContextSpecific, 1);

    /// <summary>This many additional bytes cost as much as another comparison.</summary>
    private const int BytesOfComparison = 64;

    public int Count => Permitted.Count + Excluded.Count;

    /// <summary>The constraints of a CA.</summary>
    /// <param name="extension">The value of the extension.</param>
    /// <exception cref="AsnContentException">The extension is malformed or empty.</exception>
    public static ConstrainedNames Read(ReadOnlyMemory<byte> extension)
    {
        var reader = new AsnReader(extension, AsnEncodingRules.DER);
        var lists = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var constraints = new ConstrainedNames(Read(lists, PermittedTag), Read(lists, ExcludedTag), extension.Length);
        lists.ThrowIfNotEmpty();
        return constraints.Count > 0
            ? constraints
            : throw new AsnContentException("name constraints that constrain nothing");
    }

    /// <summary>
    /// The cost of comparing a name of this length with all of them, in comparisons of short names. A comparison reads
    /// no more bytes than the shorter of the two has.
    /// </summary>
    public long Cost(int nameLength) =>
        Count + Math.Min(Bytes / BytesOfComparison, Count * (long)(nameLength / BytesOfComparison));

    /// <summary>The same cost if every comparison reads the whole name, as the platform's do for some forms.</summary>
    public long PlatformCost(int nameLength) => Count * (1L + (nameLength / BytesOfComparison));

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
