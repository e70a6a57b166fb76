using System.Formats.Asn1;

namespace FlexTls.Certificates;

/// <summary>The names that a CA may certify (RFC 5280, section 4.2.1.10).</summary>
/// <param name="Permitted">What it may certify.</param>
/// <param name="Excluded">What it must not certify.</param>
/// <param name="Bytes">How long they all are.</param>
internal sealed record ConstrainedNames(
    IReadOnlyList<NameSubtree> Permitted, IReadOnlyList<NameSubtree> Excluded, int Bytes)
{
    private static readonly Asn1Tag PermittedTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ExcludedTag = new(TagClass.ContextSpecific, 1);

    /// <summary>So many bytes more count as another comparison.</summary>
    private const int BytesOfComparison = 64;

    public int Count => Permitted.Count + Excluded.Count;

    /// <summary>The constraints of a CA.</summary>
    /// <param name="extension">The value of the extension.</param>
    /// <exception cref="AsnContentException">The extension is malformed or says nothing.</exception>
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
    /// How much it costs to compare a name of this length with all of them, in comparisons of short names. None looks
    /// at more bytes than the shorter of two has.
    /// </summary>
    public long Cost(int nameLength) =>
        Count + Math.Min(Bytes / BytesOfComparison, Count * (long)(nameLength / BytesOfComparison));

    /// <summary>The same where every comparison reads the whole name, as the platform's do for some forms.</summary>
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
