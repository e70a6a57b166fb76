using System.Text.RegularExpressions;

namespace FlexTls;

/// <summary>
/// The forms of a value that stands for something else: <c>$NAME</c>, <c>file:PATH</c> or <c>scheme:reference</c>.
/// </summary>
internal static partial class ValueReferences
{
    public const string FileScheme = "file";

    public const string FilePrefix = FileScheme + ":";

    public static bool IsVariable(string text) => Variable().IsMatch(text);

    /// <summary>
    /// Whether it is <c>$NAME</c> in capitals, and so the name of a variable rather than a private key.
    /// </summary>
    public static bool IsInCapitals(string text) => Capitals().IsMatch(text);

    /// <summary>Whether it names a file. Text from the environment is taken literally.</summary>
    public static bool IsFile(PolicyValue value) =>
        value.Origin is null && value.Text.AsSpan().Trim().StartsWith(FilePrefix, StringComparison.Ordinal);

    /// <summary>
    /// The scheme of the secret that it names on one line; <see langword="null"/>: it names none; a web address does
    /// not. Text from the environment is taken literally.
    /// </summary>
    public static string? SchemeOf(PolicyValue value) =>
        value.Origin is null && !value.Text.Contains("-----BEGIN", StringComparison.Ordinal)
            && Secret().Match(value.Text.Trim()) is { Success: true } match
            && match.Groups[1].Value is var scheme && scheme is not (FileScheme or "http" or "https")
            ? scheme
            : null;

    /// <summary>The secret that it names, without blanks around scheme and reference.</summary>
    public static string NameOf(PolicyValue value)
    {
        var match = Secret().Match(value.Text.Trim());
        return $"{match.Groups[1].Value}:{match.Groups[2].Value.TrimStart()}";
    }

    // \z and not $, which would also accept a line break at the end.
    [GeneratedRegex(@"^\$[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Variable();

    // One letter and a colon is a drive; a line of PEM text does not have a colon this early.
    [GeneratedRegex(@"^([a-z][a-z0-9+.-]{1,31}):([^\r\n]{1,1024})\z")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^\$[A-Z_][A-Z0-9_]*\z")]
    private static partial Regex Capitals();
}
