#pragma warning disable RS0030 // Banned elsewhere, so that only texts of bounded length are normalized.
using System.Globalization;
using System.Text;

namespace FlexTls;

/// <summary>
/// The only place where text is normalized. The platform takes quadratic time for a run of combining marks, so a text
/// longer than any honest one is never normalized.
/// </summary>
internal static class ComparableText
{
    /// <summary>
    /// The maximum length of normalized text, in characters; RFC 5280 allows 64 for most attributes of a name.
    /// </summary>
    public const int Longest = 256;

    private static readonly IdnMapping Idn = new();

    /// <summary>
    /// Whether the platform normalizes at all: without globalization data it returns every text unchanged.
    /// </summary>
    private static readonly bool CanNormalize = "\uFF21".Normalize(NormalizationForm.FormKC) == "A";

    /// <summary>
    /// The text without differences in width and composition (NFKC); <see langword="null"/>: the text is too long or
    /// isn't valid Unicode, or the platform lacks the data.
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
    /// A result of <see cref="Normalize"/> without differences in letter case and white space. The text is decomposed
    /// before each letter becomes upper case, so that a letter whose upper case is two letters becomes these two, as in
    /// Unicode's full case folding (ǰ, ΐ, ᾳ, i̇). Only the sharp s stays one letter.
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
    /// Whether people who see the text and programs that compare it take it for the same text: it consists of ASCII
    /// without control characters, and of visible letters, marks, digits, punctuation and spaces. Symbols and
    /// unassigned characters do not qualify.
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
    /// Whether the platform's IDNA accepts a host. The platform's handshakes throw for others, such as <c>www-.lab</c>,
    /// unless their chain policy skips the platform's name check.
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
