#pragma warning disable RS0030 // Banned elsewhere, so that only texts of bounded length are normalized.
using System.Globalization;
using System.Text;
using FlexTls.Diagnostics;

namespace FlexTls.Certificates;

/// <summary>
/// The only place where text is normalized. For a run of combining marks the platform takes time quadratic in the
/// length, so a text longer than any honest one is never normalized.
/// </summary>
internal static class ComparableText
{
    /// <summary>
    /// The longest text that is normalized, in characters; RFC 5280 allows 64 for most attributes of a name.
    /// </summary>
    public const int Longest = 256;

    private static readonly IdnMapping Idn = new();

    /// <summary>
    /// Whether the platform normalizes at all: without globalization data it returns every text unchanged.
    /// </summary>
    private static readonly bool CanNormalize = "\uFF21".Normalize(NormalizationForm.FormKC) == "A";

    /// <summary>
    /// The text without regard to width and composition (NFKC); <see langword="null"/>: the text is too long or isn't
    /// valid Unicode, or the platform lacks the data.
    /// </summary>
    public static string? Normalize(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.Length <= Longest ? text : null;
        }

        try
        {
            return text.Length <= Longest && CanNormalize ? text.Normalize(NormalizationForm.FormKC) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// A text of <see cref="Normalize"/> without regard to letter case and white space. It is taken apart before its
    /// letters become upper case one by one: what becomes two of them then does so, as in Unicode's full case folding
    /// (ǰ, ΐ, ᾳ, i̇). Only the sharp s is whole.
    /// </summary>
    public static string Fold(string text)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return Ascii.IsValid(words)
            ? words.ToUpperInvariant()
            : words.Normalize(NormalizationForm.FormKD).ToUpperInvariant()
                .Replace("ß", "SS", StringComparison.Ordinal).Replace("ẞ", "SS", StringComparison.Ordinal);
    }

    /// <summary>
    /// Whether people who see the text, and programs that compare it, take it for the same: it is ASCII without control
    /// characters, and letters, marks, digits, punctuation and spaces that are seen. Symbols and unassigned
    /// characters are not.
    /// </summary>
    public static bool IsPlain(string text) => text.EnumerateRunes().All(character => !UnseenCharacters.Holds(character)
        && (character.IsAscii || Rune.GetUnicodeCategory(character) is <= UnicodeCategory.SpaceSeparator
            or (>= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation)));

    /// <summary>
    /// A host in its ASCII form (IDNA). An ASCII host is returned unchanged: registries decide which names may begin
    /// with xn--.
    /// </summary>
    /// <exception cref="ArgumentException">The host has no ASCII form, or is too long.</exception>
    public static string ToAsciiHost(string host) =>
        host.Length > Longest ? throw new ArgumentException("The host is longer than any host name.", nameof(host))
        : Ascii.IsValid(host) ? host
        : Idn.GetAscii(host);

    /// <summary>
    /// Whether a host is one to the platform's IDNA. Its handshakes throw for others, such as <c>www-.lab</c>, unless
    /// their chain policy leaves the platform's check of the name out.
    /// </summary>
    public static bool IsHostOfPlatform(string host)
    {
        try
        {
            Idn.GetAscii(host);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
