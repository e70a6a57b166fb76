#pragma warning disable RS0030 // Banned elsewhere, so that only texts of bounded length are normalized.
using System.Globalization;
using System.Text;

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
    /// A host in its ASCII form (IDNA). An ASCII host is returned unchanged: registries decide which names may begin
    /// with xn--.
    /// </summary>
    /// <exception cref="ArgumentException">The host has no ASCII form, or is too long.</exception>
    public static string ToAsciiHost(string host) =>
        host.Length > Longest ? throw new ArgumentException("The host is longer than any host name.", nameof(host))
        : Ascii.IsValid(host) ? host
        : Idn.GetAscii(host);
}
