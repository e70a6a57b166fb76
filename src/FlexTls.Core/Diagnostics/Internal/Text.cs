namespace FlexTls.Diagnostics;

/// <summary>Makes text from outside safe to show.</summary>
internal static class Text
{
    private const int LongestQuote = 120;

    /// <summary>
    /// The text without control characters, line separators and characters that change the direction of others or are
    /// not seen, so that one finding stays one line and reads as it is.
    /// </summary>
    public static string OneLine(string text) =>
        text.EnumerateRunes().Any(UnseenCharacters.Holds)
            ? string.Concat(text.EnumerateRunes().Select(rune => UnseenCharacters.Holds(rune) ? " " : rune.ToString()))
            : text;

    /// <summary>A value in quotes, cut where it is long.</summary>
    public static string Quote(string text) => $"'{Cut(text, LongestQuote)}'";

    /// <summary>The text, truncated to a maximum length.</summary>
    public static string Cut(string text, int longest) => text.Length <= longest ? text : $"{text.AsSpan(0, longest)}…";

    /// <summary>Whole sentences as the parts of a longer one, which has its own end.</summary>
    public static string Join(string separator, IEnumerable<string> sentences) =>
        string.Join(separator, sentences.Select(sentence => sentence.EndsWith('.') ? sentence[..^1] : sentence));

    /// <summary><c>1 suite</c>, <c>2 suites</c>.</summary>
    public static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
