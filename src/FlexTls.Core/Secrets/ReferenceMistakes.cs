using System.Text.RegularExpressions;

namespace FlexTls;

/// <summary>
/// Recognizes values that were meant as references and are not: variables in the spelling of shells and templates, and
/// paths without <c>file:</c>. Messages quote nothing of the value: it may be a secret after all.
/// </summary>
internal static partial class ReferenceMistakes
{
    /// <summary>The fault of a template.</summary>
    public const string NotFilledIn =
        "is a template ('{{ … }}') that was not filled in; run the tool that fills it in, or write $NAME";

    private const int LongestPath = 1024;

    /// <summary>
    /// The fault of a value that is a variable in another spelling; <see langword="null"/>: it is not a variable.
    /// </summary>
    public static string? OfVariable(string text) =>
        Braces().IsMatch(text) ? "is written as a shell writes variables ('${NAME}' or '$(NAME)'); write $NAME"
        : Percents().IsMatch(text) ? "is written as Windows writes variables ('%NAME%' or '$env:NAME'); write $NAME"
        : Template().IsMatch(text) ? NotFilledIn
        : null;

    /// <summary>
    /// The fault of the value on a line that is not valid YAML; <see langword="null"/>: none that this class knows.
    /// </summary>
    public static string? OfLine(string line)
    {
        var begin = line.IndexOf(": ", StringComparison.Ordinal) is >= 0 and var colon ? colon
            : line.IndexOf("- ", StringComparison.Ordinal);
        var value = begin < 0 ? "" : line[(begin + 2)..].Trim();
        return value.StartsWith('@') ? "begins with '@', which reads no file; write file:PATH" : OfVariable(value);
    }

    /// <summary>
    /// The fault of a value that should be PEM text or <c>file:PATH</c>; <see langword="null"/>: none that this class
    /// knows.
    /// </summary>
    public static string? OfText(PolicyValue value)
    {
        var text = value.Text.Trim();
        if (value.Origin is not null)
        {
            return text.StartsWith(ValueReferences.FilePrefix, StringComparison.OrdinalIgnoreCase) || IsPath(text)
                ? "holds a path, and the value of a variable is taken as it is; write file:PATH itself, or put the "
                    + "PEM text into the variable"
                : null;
        }

        return ValueReferences.IsVariable(text)
            ? "is the name of a variable, which is not looked up here; a program reads it with "
            + "Environment.GetEnvironmentVariable"
            : text.StartsWith(ValueReferences.FilePrefix, StringComparison.OrdinalIgnoreCase)
                ? "begins with 'file:' in another letter case; write it in lower case, file:PATH"
            : IsPath(text) ? "is a path; write 'file:' before it"
            : OfVariable(text) ?? (IsMisnamed(text)
                ? "begins with '$' but is not the name of a variable (letters, digits and _, no digit first)"
                : null);
    }

    /// <summary>
    /// The end of a message about a file that does not exist: a likely mistake in its path; empty: none is apparent.
    /// </summary>
    public static string HintOfPath(string path) =>
        path.StartsWith('~') || PartOfPath().IsMatch(path) ? " (variables and '~' in a path are not replaced)" : "";

    private static bool IsMisnamed(string text) =>
        text.StartsWith('$') && !text.Contains('\n', StringComparison.Ordinal);

    private static bool IsPath(string text) =>
        text.Length is > 1 and <= LongestPath && Path().IsMatch(text);

    [GeneratedRegex(@"^\$(\{[A-Za-z_][A-Za-z0-9_]*\}|\([A-Za-z_][A-Za-z0-9_]*\))\z")]
    private static partial Regex Braces();

    [GeneratedRegex(@"^(%[A-Za-z_][A-Za-z0-9_]*%|\$env:[A-Za-z_][A-Za-z0-9_]*)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Percents();

    [GeneratedRegex(@"^\{\{[^\r\n]*\}\}\z")]
    private static partial Regex Template();

    [GeneratedRegex(@"\$\{?[A-Za-z_]|%[A-Za-z_][A-Za-z0-9_]*%|\{\{")]
    private static partial Regex PartOfPath();

    [GeneratedRegex(
        @"^((\.{0,2}/|~|[A-Za-z]:[\\/]|\\\\)[^\r\n]*"
            + @"|[^\r\n:]*\.(pem|crt|cer|cert|key|der|p7b|p12|pfx|jks|txt|ca-bundle))\z",
        RegexOptions.IgnoreCase)]
    private static partial Regex Path();
}
