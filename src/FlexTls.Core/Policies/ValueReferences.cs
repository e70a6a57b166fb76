using System.Text.RegularExpressions;

namespace FlexTls.Policies;

/// <summary>How a value says that it stands for something else: <c>$NAME</c> or <c>file:PATH</c>.</summary>
internal static partial class ValueReferences
{
    public const string FilePrefix = "file:";

    /// <summary>Whether it is exactly <c>$NAME</c>.</summary>
    public static bool IsVariable(string text) => Variable().IsMatch(text);

    /// <summary>Whether it is <c>$NAME</c> in capitals: the name of a variable, and not a private key.</summary>
    public static bool IsInCapitals(string text) => Capitals().IsMatch(text);

    /// <summary>Whether it names a file. What came from the environment is taken as it is.</summary>
    public static bool IsFile(PolicyValue value) =>
        value.Origin is null && value.Text.AsSpan().Trim().StartsWith(FilePrefix, StringComparison.Ordinal);

    // \z and not $: a line break at the end makes it another text.
    [GeneratedRegex(@"^\$[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\$[A-Z_][A-Z0-9_]*\z")]
    private static partial Regex Capitals();
}
