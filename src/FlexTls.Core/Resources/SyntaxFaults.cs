using System.Buffers;
using System.Text.RegularExpressions;

namespace FlexTls;

/// <summary>
/// Finds the most likely reason why a text is not valid YAML, in the lines around the parser's position.
/// </summary>
internal static partial class SyntaxFaults
{
    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    /// <summary>
    /// The reason, with the place of its own line if that is not the parser's. The message quotes nothing of the text.
    /// </summary>
    public static (string Code, Place Place, string Message) Describe(YamlText text, Place place)
    {
        if (StrangeIndentation(text, place.Line) is var (strange, fault))
        {
            return (DiagnosticCodes.YamlSyntax, place with { Line = strange, Column = 1 }, fault);
        }

        if (MissingMarks.Before(text, place.Line) is var (line, missing))
        {
            var column = text.IndentFrom(line) + 1;
            return (DiagnosticCodes.YamlSyntax, place with { Line = line, Column = column }, missing);
        }

        if (LooksLikePem(text.Line(place.Line)) || LooksLikePem(text.Line(place.Line - 1)))
        {
            return (DiagnosticCodes.BadlyIndentedPem, place,
                "the PEM text is not indented deeper than its key; "
                + "write 'key: |' and indent every line of the block below it.");
        }

        var message = EscapedPath().IsMatch(text.Line(place.Line))
            ? "in double quotes, a backslash begins an escape; write the value in single quotes."
            : SpacedReference().IsMatch(text.Line(place.Line))
            ? "'file:' has a blank after it, which makes it a key in YAML; write file:PATH."
            : (ReferenceMistakes.OfLine(text.Line(place.Line)) ?? ReferenceMistakes.OfLine(text.Line(place.Line - 1)))
                is { } mistake ? $"the value here {mistake}."
            : "the text is not valid YAML here; check indentation, quotes and brackets.";
        return (DiagnosticCodes.YamlSyntax, place, message);
    }

    private static bool LooksLikePem(string line)
    {
        const int ShortestBase64Line = 40;
        var written = line.AsSpan().Trim();
        return written.IndexOf("-----BEGIN") >= 0 || written.IndexOf("-----END") >= 0
            || (written.Length >= ShortestBase64Line && !written.ContainsAnyExcept(Base64));
    }

    /// <summary>
    /// The line with the fault, or the previous one, if its indentation is not made of spaces; and what it is made of.
    /// </summary>
    private static (int Line, string Fault)? StrangeIndentation(YamlText text, int faulty)
    {
        for (var line = faulty; line >= Math.Max(faulty - 1, 1); line--)
        {
            if (text.IsIndentedByTab(line))
            {
                return (line, "the line is indented by a tab; YAML is indented by spaces.");
            }

            if (text.HasStrangeBlank(line))
            {
                return (line, "the line has a no-break space or another blank that is not a space, perhaps copied "
                    + "from a web page; write spaces.");
            }
        }

        return null;
    }

    // A backslash that does not begin one of YAML's escapes.
    [GeneratedRegex(
        @"""(?:[^""\\]|\\[0abtnvfre /\\N_LP])*"
        + @"\\(?:[^0abtnvfre ""/\\N_LPxuU]|x(?![\dA-Fa-f]{2})|[uU](?![\dA-Fa-f]{4}))")]
    private static partial Regex EscapedPath();

    [GeneratedRegex(@":\s+file:\s")]
    private static partial Regex SpacedReference();
}
