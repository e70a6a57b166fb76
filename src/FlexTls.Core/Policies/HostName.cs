using System.Buffers;
using System.Net;

namespace FlexTls;

/// <summary>
/// The host of a connection, in the form in which certificates name it: an IP address, or a DNS name in ASCII, lower
/// case, without a trailing dot.
/// </summary>
/// <param name="Text">The text; an IPv6 address includes its zone, which connecting needs.</param>
/// <param name="Address">The IP address without its zone; <see langword="null"/>: the host is a DNS name.</param>
internal sealed record HostName(string Text, IPAddress? Address)
{
    private const int MostCharacters = 253;
    private const int LongestLabel = 63;

    private static readonly SearchValues<char> LabelCharacters =
        SearchValues.Create("-0123456789_abcdefghijklmnopqrstuvwxyz");

    /// <summary><c>$NAME</c> if the text came from the environment.</summary>
    public string? Origin { get; init; }

    /// <summary>The host for messages: <c>$NAME</c> instead of a value from the environment.</summary>
    public string Shown => Origin ?? Text;

    /// <summary>
    /// Whether handshakes that the context does not run itself can use this host; the platform's IDNA rejects some
    /// names.
    /// </summary>
    public bool IsForForeignStreams => Address is not null || ComparableText.IsHostOfPlatform(Text);

    /// <summary>Reads a host as URIs and end points spell it, IPv6 addresses with or without brackets.</summary>
    /// <param name="host">The host.</param>
    /// <param name="parameter">The name of the parameter that a caller of the library wrote it in.</param>
    /// <exception cref="ArgumentException">The text is empty or cannot be a host name.</exception>
    public static HostName Parse(string host, string parameter = "host")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host, parameter);
        return Read(host is ['[', .. var inner, ']'] ? inner : host)
            ?? throw new ArgumentException(
                FlexTls.Text.OneLine($"{FlexTls.Text.Quote(host)} is not a host name."),
                parameter);
    }

    /// <summary>The host, or <see langword="null"/> if the text cannot be one.</summary>
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

    /// <summary>The origin of a host does not count for equality.</summary>
    public bool Equals(HostName? other) => other is not null && Text == other.Text && Equals(Address, other.Address);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The form for messages, because this may end up in a log.</summary>
    public override string ToString() => Shown;

    /// <summary>
    /// A host is an address if the platform connects to its ASCII form as one: full-width digits, a trailing dot, and
    /// octal, hexadecimal and short forms are spellings of an address.
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
            : name.Length <= MostCharacters && HasOnlyLabels(name) ? new HostName(name, null)
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

    // Every connection parses its host: nothing is allocated but the result.
    private static bool HasOnlyLabels(ReadOnlySpan<char> name)
    {
        foreach (var range in name.Split('.'))
        {
            var label = name[range];
            if (label.Length is 0 or > LongestLabel || label.ContainsAnyExcept(LabelCharacters))
            {
                return false;
            }
        }

        return true;
    }
}
