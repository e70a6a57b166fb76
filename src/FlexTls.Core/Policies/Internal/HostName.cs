using System.Globalization;
using System.Net;
using System.Text;

namespace FlexTls.Policies;

/// <summary>
/// The host that a connection is for, in the form in which certificates name it: an IP address, or a DNS name in
/// ASCII, lower case, without a trailing dot.
/// </summary>
internal sealed record HostName(string Text, IPAddress? Address)
{
    private const int MostCharacters = 253;
    private static readonly IdnMapping Idn = new();

    /// <summary>Reads a host as URIs and end points spell it, IPv6 addresses with or without brackets.</summary>
    /// <exception cref="ArgumentException">The text is empty or cannot be a host name.</exception>
    public static HostName Parse(string host)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        var text = host is ['[', .. var inner, ']'] ? inner : host;
        if (LooksLikeAddress(text) && IPAddress.TryParse(text, out var address))
        {
            return new HostName(address.ToString(), address);
        }

        var name = ToAscii(text.EndsWith('.') ? text[..^1] : text).ToLowerInvariant();
        return name.Length <= MostCharacters && name.Split('.').All(IsLabel)
            ? new HostName(name, null)
            : throw new ArgumentException($"{Diagnostics.Text.Quote(Diagnostics.Text.OneLine(host))} is no host name.", nameof(host));
    }

    /// <summary>The host, or <see langword="null"/> where the text cannot be one.</summary>
    public static HostName? TryParse(string host)
    {
        try
        {
            return Parse(host);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // What is ASCII stays as it is, as the platform has it: the registries decide what may begin with xn--.
    private static string ToAscii(string text) => Ascii.IsValid(text) ? text : Idn.GetAscii(text);

    private static bool IsLabel(string label) => label.Length is > 0 and <= 63 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    // The platform also reads '1' and '0x7f.1' as IPv4; a certificate cannot name those.
    private static bool LooksLikeAddress(string text) =>
        text.Contains(':', StringComparison.Ordinal) || (text.Count(c => c == '.') == 3 && text.All(c => char.IsAsciiDigit(c) || c == '.'));
}
