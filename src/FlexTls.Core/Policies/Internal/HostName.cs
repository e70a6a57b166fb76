using System.Net;
using FlexTls.Certificates;

namespace FlexTls.Policies;

/// <summary>
/// The host that a connection is for, in the form in which certificates name it: an IP address, or a DNS name in
/// ASCII, lower case, without a trailing dot.
/// </summary>
/// <param name="Text">The text; of an IPv6 address with its zone, which says how to connect.</param>
/// <param name="Address">The address that a certificate may be for, without a zone: it is no part of one.</param>
internal sealed record HostName(string Text, IPAddress? Address)
{
    private const int MostCharacters = 253;

    /// <summary><c>$NAME</c> where the text came from the environment.</summary>
    public string? Origin { get; init; }

    /// <summary>The host as a message may show it: what came from the environment by the name of its variable.</summary>
    public string Shown => Origin ?? Text;

    /// <summary>Reads a host as URIs and end points spell it, IPv6 addresses with or without brackets.</summary>
    /// <exception cref="ArgumentException">The text is empty or cannot be a host name.</exception>
    public static HostName Parse(string host)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        return Read(host is ['[', .. var inner, ']'] ? inner : host)
            ?? throw new ArgumentException(Diagnostics.Text.OneLine($"{Diagnostics.Text.Quote(host)} is no host name."), nameof(host));
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

    /// <summary>Where the host came from makes it no other host.</summary>
    public bool Equals(HostName? other) => other is not null && Text == other.Text && Equals(Address, other.Address);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The shown form: this may end up in a log.</summary>
    public override string ToString() => Shown;

    /// <summary>
    /// An address is whatever the platform takes for one when it connects, once the text is plain ASCII: full-width digits,
    /// a trailing dot, octal, hexadecimal and short forms are spellings of it.
    /// </summary>
    private static HostName? Read(string text)
    {
        if (ToAscii(text) is not { } ascii)
        {
            return null;
        }

        var name = (ascii.EndsWith('.') ? ascii[..^1] : ascii).ToLowerInvariant();
        return IPAddress.TryParse(name, out var address)
            ? new HostName(address.ToString(), new IPAddress(address.GetAddressBytes()))
            : name.Length <= MostCharacters && name.Split('.').All(IsLabel) ? new HostName(name, null)
            : null;
    }

    private static string? ToAscii(string text)
    {
        try
        {
            return ComparableText.ToAsciiHost(text);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsLabel(string label) => label.Length is > 0 and <= 63 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
