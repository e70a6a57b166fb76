#pragma warning disable RS0030 // Normalization is banned elsewhere, so that the length of every text is bounded before.
using System.Globalization;
using System.Text;
using FlexTls.Diagnostics;

namespace FlexTls.Certificates;

/// <summary>
/// The one place where text is normalized. The platform needs time that grows with the square of the length where a text
/// is a run of combining marks, so a text that is longer than any honest one is never normalized.
/// </summary>
internal static class ComparableText
{
    /// <summary>The most characters of a text that is normalized; RFC 5280 allows 64 for most attributes of a name.</summary>
    public const int Longest = 256;

    private static readonly IdnMapping Idn = new();

    /// <summary>Whether the platform normalizes at all: without its globalization data it returns every text as it is.</summary>
    private static readonly bool CanNormalize = "\uFF21".Normalize(NormalizationForm.FormKC) == "A";

    /// <summary>
    /// The text without regard to width and composition (NFKC); <see langword="null"/> where that cannot be said: the text
    /// is too long, no valid Unicode, or the platform lacks the data.
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
    /// characters, and letters, marks, digits, punctuation and spaces that are seen. Symbols and what Unicode has not
    /// assigned are none of these.
    /// </summary>
    public static bool IsPlain(string text) => text.EnumerateRunes().All(character => !UnseenCharacters.Holds(character)
        && (character.IsAscii || Rune.GetUnicodeCategory(character) is <= UnicodeCategory.SpaceSeparator
            or (>= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation)));

    /// <summary>
    /// A host in its ASCII form (IDNA). What is ASCII stays as it is: the registries decide what may begin with xn--.
    /// </summary>
    /// <exception cref="ArgumentException">There is none, or the text is too long.</exception>
    public static string ToAsciiHost(string host) =>
        host.Length > Longest ? throw new ArgumentException("The host is longer than any host name.", nameof(host))
        : Ascii.IsValid(host) ? host
        : Idn.GetAscii(host);
}
