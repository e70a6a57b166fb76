using System.Globalization;
using System.Net;
using System.Text;
using FlexTls.Certificates;

namespace FlexTls.Validation;

/// <summary>The common names of a subject. They vouch for nothing; but other programs, and people, read them.</summary>
internal static class CommonNames
{
    private const string Type = "2.5.4.3";

    public static IEnumerable<string> Of(DecodedCertificate certificate) => certificate.SubjectName.Texts(Type);

    /// <summary>
    /// Whether a common name spells an address, or a host in another alphabet, in a form that programs read differently:
    /// 192.168.001.001 is octal to some. The canonical form and everything else that people write is fine.
    /// </summary>
    public static bool IsAmbiguous(string name) =>
        ReadsAsAddress(name)
            ? !IPAddress.TryParse(name, out var address) || address.ToString() != name
            : !Ascii.IsValid(name) && name.Contains('.', StringComparison.Ordinal) && !name.Any(char.IsWhiteSpace);

    private static bool ReadsAsAddress(string name) =>
        (name.Length == 10 && name.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && uint.TryParse(name.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out _))
        || (name.Count(c => c == '.') == 3 && name.All(c => char.IsAsciiDigit(c) || c == '.') && IPAddress.TryParse(name, out _))
        || (name.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(name, out _));
}
