using System.Text.RegularExpressions;

namespace FlexTls;

/// <summary>Makes text from outside safe to show.</summary>
internal static partial class Text
{
    private const int LongestQuote = 120;
    private const int MostSlashes = 3;
    private const int KeyLine = 64;

    /// <summary>
    /// The text without control characters, line separators and characters that are invisible or change the direction
    /// of others, so that one finding stays on one line and reads as written.
    /// </summary>
    public static string OneLine(string text) =>
        text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text.EnumerateRunes().Any(UnseenCharacters.Holds)
            ? string.Concat(text.EnumerateRunes().Select(rune => UnseenCharacters.Holds(rune) ? " " : rune.ToString()))
            : text;

    /// <summary>A value in quotes, truncated if it is too long or where a private key may begin.</summary>
    public static string Quote(string text)
    {
        // Looks at no more of a long text than can be shown.
        var line = Cut(FirstLine(text), LongestQuote + KeyLine);
        return FindKeyText(line) is { } start
            ? $"'{Cut(line[..start].TrimEnd(), LongestQuote)} …' (the rest is not shown: it looks like PEM text)"
            : $"'{Cut(line, LongestQuote)}'";
    }

    /// <summary>
    /// The text up to its first line break: names have none, and the rest may be a whole policy with its secrets.
    /// </summary>
    public static string FirstLine(string text)
    {
        var trimmed = text.AsSpan().Trim();
        return trimmed.IndexOfAny('\r', '\n') is >= 0 and var end ? $"{trimmed[..end]}…" : text;
    }

    /// <summary>A message, truncated where a private key may begin that it quotes despite all precautions.</summary>
    public static string WithoutKeys(string message) =>
        FindKeyText(message) is { } start
            ? $"{message[..start]}… (the rest is not shown: it looks like PEM text)" : message;

    /// <summary>
    /// The position at which PEM text begins that may be a private key; <see langword="null"/>: none.
    /// </summary>
    public static int? FindKeyText(string text)
    {
        foreach (var match in KeyText().EnumerateMatches(text))
        {
            // Paths also look like base64, but have more slashes, and are hardly ever as long as a line of PEM text.
            if (match.Length == KeyLine || text.AsSpan(match.Index, match.Length).Count('/') <= MostSlashes)
            {
                return match.Index;
            }
        }

        return null;
    }

    /// <summary>The text, truncated to a maximum length.</summary>
    public static string Cut(string text, int longest) => text.Length <= longest ? text : $"{text.AsSpan(0, longest)}…";

    /// <summary>Joins whole sentences into parts of a longer one, which adds its own end.</summary>
    public static string Join(string separator, IEnumerable<string> sentences) =>
        string.Join(separator, sentences.Select(sentence => sentence.EndsWith('.') ? sentence[..^1] : sentence));

    // A PEM boundary, the start of a key in base64, or a line of base64: YAML joins a value and the text that follows
    // it.
    [GeneratedRegex("-----BEGIN|M(I[A-Za-z]|Hc|HQ|C4)[A-Za-z0-9+/]{40}"
        + "|(?<![A-Za-z0-9+/._-])(?=[A-Z0-9+/]{0,63}[a-z])(?=[a-z0-9+/]{0,63}[A-Z])"
        + "[A-Za-z0-9+/]{64}(?![A-Za-z0-9+/._-])"
        + @"|(?<![A-Za-z0-9+/._-])(?=[A-Za-z0-9+/]{0,47}[a-z])(?=[A-Za-z0-9+/]{0,47}[A-Z])(?=[A-Za-z0-9+/]{0,47}[0-9])"
        + "[A-Za-z0-9+][A-Za-z0-9+/]{47}")]
    private static partial Regex KeyText();

    /// <summary><c>1 suite</c>, <c>2 suites</c>.</summary>
    public static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
