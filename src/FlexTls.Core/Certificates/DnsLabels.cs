using System.Formats.Asn1;

namespace FlexTls;

/// <summary>Checks and compares DNS names, as far as name constraints require.</summary>
internal static class DnsLabels
{
    private const int LongestLabel = 63;
    private const int LongestName = 253;

    /// <summary>Returns the name.</summary>
    /// <exception cref="AsnContentException">The text is not a DNS name.</exception>
    public static string Check(string name) =>
        name.Length <= LongestName && name.Split('.')
            .All(
                label => label.Length is > 0 and <= LongestLabel && label.All(
                    c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            ? name
            : throw new AsnContentException("a name under name constraints, or a constraint, that is not a DNS name");

    public static bool IsAt(string host, string name) => host.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Everything is below the empty name.</summary>
    public static bool IsBelow(string host, string name) => name.Length == 0
        || (host.Length > name.Length && host[^(name.Length + 1)] == '.' && host.EndsWith(
            name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a wildcard name, whose wildcard stands for the whole leftmost label, matches a host.</summary>
    public static bool IsByWildcard(string name, string host)
    {
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return name.StartsWith("*.", StringComparison.Ordinal) && dot > 0
            && name.AsSpan(1).Equals(host.AsSpan(dot), StringComparison.OrdinalIgnoreCase);
    }
}
