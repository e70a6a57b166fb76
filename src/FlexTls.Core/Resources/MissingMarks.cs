using System.Text.RegularExpressions;

namespace FlexTls;

/// <summary>
/// Finds a line without the ':' after its key or the '-' before its entry. YAML takes such a line for the beginning of
/// a longer value, so the parser fails only at the next line.
/// </summary>
internal static partial class MissingMarks
{
    private const string NoColon = "the line has no ':' after its key";
    private const string NoBlank = "the line has no blank after the ':' of its key";
    private const string Fix = "; write 'key: value'.";
    private const string NoDash = "the line has no '- ' before it, as the other entries of its list have.";
    private const string NoBlankAfterDash =
        "the line has no blank after its '-'; begin the entries of a list with '- '.";

    /// <summary>The line at or before the parser's position, and what it lacks.</summary>
    public static (int Line, string Fault)? Before(YamlText text, int faulty)
    {
        if (In(text.Line(faulty), text.Line(LineBefore(text, faulty))) is { } here)
        {
            return IsInBrackets(text, faulty) ? null : (faulty, here);
        }

        var line = LineBefore(text, faulty);
        var isPem = Contains(text, line, "-----END");
        while (Contains(text, line, "-----END"))
        {
            line = LineAbovePem(text, line);
        }

        // PEM text below 'key |' is part of the value of that key.
        return (!isPem || text.Line(line).AsSpan().TrimEnd().EndsWith('|'))
            && OfKey(text.Line(line)) is { } before && !IsInBrackets(text, line) ? (line, before + Fix) : null;
    }

    /// <summary>What the key lacks on a line that YAML takes for a value; <see langword="null"/>: nothing.</summary>
    public static string? OfKey(string line) =>
        HasKey().IsMatch(line) ? null : WordAndColon().IsMatch(line) ? NoBlank : Word().IsMatch(line) ? NoColon : null;

    private static string? In(string line, string before) =>
        DashAlone().IsMatch(line) && IsEntry(before, line) ? NoBlankAfterDash
        : IsEntry(before, line) && !HasKey().IsMatch(line) && Text().IsMatch(line) ? NoDash
        : OfKey(line) is { } missing ? missing + Fix : null;

    /// <summary>Whether the previous line is an entry of a list that begins in the same column.</summary>
    private static bool IsEntry(string before, string line) =>
        before.AsSpan().TrimStart(' ').StartsWith("- ") && Indent(before) == Indent(line);

    private static int Indent(string line) => line.Length - line.AsSpan().TrimStart(' ').Length;

    private static int LineBefore(YamlText text, int line)
    {
        do
        {
            line--;
        }
        while (line > 0 && Blank().IsMatch(text.Line(line)));

        return line;
    }

    private static int LineAbovePem(YamlText text, int line)
    {
        while (line > 0 && !Contains(text, line, "-----BEGIN"))
        {
            line--;
        }

        return LineBefore(text, line);
    }

    private static bool Contains(YamlText text, int line, string part) =>
        text.Line(line).Contains(part, StringComparison.Ordinal);

    /// <summary>Whether the last key before a line has a bracket that its own line does not close.</summary>
    private static bool IsInBrackets(YamlText text, int line)
    {
        do
        {
            line--;
        }
        while (line > 0 && !HasKey().IsMatch(text.Line(line)));

        var above = text.Line(line).AsSpan();
        return above.LastIndexOfAny('[', '{') > above.LastIndexOfAny(']', '}');
    }

    [GeneratedRegex(@":(\s|$)")]
    private static partial Regex HasKey();

    // A longer word is a line of PEM text.
    [GeneratedRegex(@"^ *[A-Za-z][A-Za-z0-9]{0,38}( |$)")]
    private static partial Regex Word();

    // Not a reference to a file or a URL, which are values.
    [GeneratedRegex(@"^ *(?!file:)[A-Za-z][A-Za-z0-9]*:[^\s/]")]
    private static partial Regex WordAndColon();

    [GeneratedRegex(@"^ *[A-Za-z0-9$]")]
    private static partial Regex Text();

    [GeneratedRegex(@"^ *-[A-Za-z0-9$]")]
    private static partial Regex DashAlone();

    [GeneratedRegex(@"^\s*(#.*)?$")]
    private static partial Regex Blank();
}
