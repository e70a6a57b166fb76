using System.Formats.Asn1;

namespace FlexTls.Certificates;

/// <summary>Whether a text is a DNS name, as far as constraints for names need to know.</summary>
internal static class DnsLabels
{
    private const int LongestLabel = 63;
    private const int LongestName = 253;

    /// <summary>The name.</summary>
    /// <exception cref="AsnContentException">It is none.</exception>
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

    /// <summary>Whether a wildcard name, which stands for the whole left-most label, matches a host.</summary>
    public static bool IsByWildcard(string name, string host)
    {
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return name.StartsWith("*.", StringComparison.Ordinal) && dot > 0
            && name.AsSpan(1).Equals(host.AsSpan(dot), StringComparison.OrdinalIgnoreCase);
    }
}
