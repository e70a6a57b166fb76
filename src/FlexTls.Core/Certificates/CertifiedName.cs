using System.Formats.Asn1;
using System.Text;

namespace FlexTls;

/// <summary>
/// A name of a certificate in the form that name constraints are compared with. It is decoded once for all comparisons,
/// and only if a constraint concerns its form. Anything irregular in it causes an exception, and so a refusal.
/// </summary>
internal sealed class CertifiedName(GeneralName name)
{
    private const string Wildcard = "*.";
    private const string EmailAddress = "1.2.840.113549.1.9.1";

    /// <summary>
    /// The maximum length of a URI or mail address that is compared, in characters; the same as for a SPIFFE ID.
    /// </summary>
    public const int LongestCompared = 2048;

    private string? _host;
    private int _at;
    private DistinguishedName? _directory;

    /// <summary>
    /// All names that constraints apply to: the alternative names, the subject, and the mail addresses in the subject.
    /// </summary>
    /// <param name="alternatives">The alternative names.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="encodedSubject">The encoded subject.</param>
    /// <exception cref="AsnContentException">A mail address in the subject is malformed.</exception>
    public static IReadOnlyList<CertifiedName> AllOf(
        IReadOnlyList<GeneralName> alternatives, DistinguishedName subject, ReadOnlyMemory<byte> encodedSubject)
    {
        List<GeneralName> names = [.. alternatives];
        if (!subject.IsEmpty)
        {
            names.Add(new GeneralName(GeneralName.DirectoryName, encodedSubject, subject));
        }

        var addresses = subject.Texts(EmailAddress).Where(address => Ascii.IsValid(address)).ToList();
        names.AddRange(addresses.Select(Encoding.ASCII.GetBytes)
            .Select(address => new GeneralName(GeneralName.Rfc822Name, address)));
        if (addresses.Count != subject.Count(EmailAddress))
        {
            // An unreadable mail address belongs to no subtree: without an '@', it is refused under any constraint for
            // mail.
            names.Add(new GeneralName(GeneralName.Rfc822Name, "unreadable"u8.ToArray()));
        }

        return [.. names.Select(name => new CertifiedName(name))];
    }

    public int Form => name.Form;

    public GeneralName Name => name;

    /// <summary>Whether a dNSName stands for all names one label below <see cref="Host"/>.</summary>
    public bool IsWildcard => Form == GeneralName.DnsName && name.Text.StartsWith(Wildcard, StringComparison.Ordinal);

    /// <summary>The dNSName without its wildcard, or the host part of a URI or a mail address.</summary>
    public string Host => _host ??= DnsLabels.Check(Form switch
    {
        GeneralName.DnsName => IsWildcard ? name.Text[Wildcard.Length..] : name.Text,
        GeneralName.Rfc822Name => Bounded()[(At + 1)..],
        _ => UriHost(),
    });

    /// <summary>The part of a mail address before its host.</summary>
    public ReadOnlySpan<char> LocalPart => Bounded().AsSpan(0, At);

    public DistinguishedName Directory => _directory ??= Comparable();

    private int At => _at > 0 ? _at
        : (_at = Bounded().LastIndexOf('@')) > 0 ? _at
        : throw new AsnContentException("an address of mail without an '@'");

    private string Bounded() => name.Content.Length > LongestCompared
        ? throw new AsnContentException($"a {name.FormName} that is longer than {LongestCompared} characters")
        : name.IsProper ? name.Text : throw new AsnContentException($"a {name.FormName} that is not ASCII");

    /// <summary>
    /// RFC 5280 constrains only the host part; a URI whose host is missing or not a name satisfies no constraint.
    /// </summary>
    private string UriHost() =>
        Uri.TryCreate(Bounded(), UriKind.Absolute, out var uri) && uri.HostNameType == UriHostNameType.Dns

            && name.Text.StartsWith($"{uri.Scheme}://", StringComparison.OrdinalIgnoreCase)
            && uri.FindAsciiHost() is { } host
        ? host.TrimEnd('.')
        : throw new AsnContentException("a URI without a DNS name under a constraint for URIs");

    /// <summary>Text of a kind that cannot be compared could be an excluded name in another spelling.</summary>
    private DistinguishedName Comparable() => name.Directory is { IsComparable: true } directory
        ? directory
        : throw new AsnContentException("a directoryName with a value that cannot be compared");
}
