using FlexTls.Diagnostics;

namespace FlexTls.Certificates;

/// <summary>
/// Reads PEM text strictly: every BEGIN needs its END and clean base64 between them, so that a half-written bundle is
/// an error and never a shorter bundle. Text outside the blocks is explanatory (RFC 7468, section 5.2) and ignored.
/// </summary>
internal static class PemReader
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    /// <summary>The blocks of a value, in order; empty when the value is unusable, and the reason is in <paramref name="diagnostics"/>.</summary>
    public static IReadOnlyList<PemBlock> Read(string text, Place place, DiagnosticList diagnostics)
    {
        var lines = text.Split('\n');
        var blocks = new List<PemBlock>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.StartsWith(End, StringComparison.Ordinal))
            {
                diagnostics.Error(DiagnosticCodes.MalformedPem, place.AtLine(i),
                    $"{place.Path} has an END line without its BEGIN line; copy the whole PEM block.");
                return [];
            }

            if (!line.StartsWith(Dashes, StringComparison.Ordinal) && !IsCutOff(line, isLast: i == lines.Length - 1))
            {
                continue;
            }

            var end = FindEnd(lines, i, line, place, diagnostics);
            if (end < 0 || Decode(lines, i, end, place, diagnostics) is not { } data)
            {
                return [];
            }

            blocks.Add(new PemBlock(line[Begin.Length..^Dashes.Length], data, i));
            i = end;
        }

        if (blocks.Count == 0)
        {
            ReportNothing(lines, place, diagnostics);
        }

        return blocks;
    }

    private static int FindEnd(string[] lines, int begin, string beginLine, Place place, DiagnosticList diagnostics)
    {
        var isWhole = beginLine.StartsWith(Begin, StringComparison.Ordinal) && beginLine.EndsWith(Dashes, StringComparison.Ordinal)
            && beginLine.Length > Begin.Length + Dashes.Length;
        if (!isWhole || beginLine[Begin.Length..^Dashes.Length].Contains(Dashes, StringComparison.Ordinal))
        {
            var reason = beginLine.Contains(End, StringComparison.Ordinal)
                ? "its line breaks were lost: write it as a literal block, 'key: |' and the lines below it"
                : "it is cut off or damaged";
            diagnostics.Error(DiagnosticCodes.MalformedPem, place.AtLine(begin), $"{place.Path} has a PEM block whose BEGIN line is not a line of its own; {reason}.");
            return -1;
        }

        var endLine = End + beginLine[Begin.Length..];
        for (var i = begin + 1; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line == endLine)
            {
                return i;
            }

            if (line.StartsWith(Dashes, StringComparison.Ordinal))
            {
                break;
            }
        }

        diagnostics.Error(DiagnosticCodes.MalformedPem, place.AtLine(begin),
            $"{place.Path} has a BEGIN line without the END line that belongs to it; the block is cut off or mixed up.");
        return -1;
    }

    /// <summary>Whether the text ends within a BEGIN line; a line of dashes elsewhere is nobody's PEM.</summary>
    private static bool IsCutOff(string line, bool isLast) => isLast && line.Length > 0 && Begin.StartsWith(line, StringComparison.Ordinal);

    private static byte[]? Decode(string[] lines, int begin, int end, Place place, DiagnosticList diagnostics)
    {
        var body = lines[(begin + 1)..end];
        if (body.Any(line => line.StartsWith("Proc-Type:", StringComparison.Ordinal)))
        {
            diagnostics.Error(DiagnosticCodes.LegacyEncryptedKey, place.AtLine(begin),
                $"{place.Path} is a key in OpenSSL's old encrypted form (Proc-Type, DEK-Info); convert it to PKCS#8 with 'openssl pkcs8 -topk8'.");
            return null;
        }

        try
        {
            // Throws for a character that is no base64 and for a length that is no whole number of groups.
            var data = Convert.FromBase64String(string.Concat(body));
            if (data.Length > 0)
            {
                return data;
            }
        }
        catch (FormatException)
        {
            // Reported below; the exception has nothing to add.
        }

        diagnostics.Error(DiagnosticCodes.MalformedPem, place.AtLine(begin),
            $"{place.Path} has a PEM block whose content is not base64; it is damaged or cut off.");
        return null;
    }

    private static void ReportNothing(string[] lines, Place place, DiagnosticList diagnostics)
    {
        var commented = Array.FindIndex(lines, IsCommentedBegin);
        if (commented >= 0)
        {
            diagnostics.Error(DiagnosticCodes.CommentedPem, place.AtLine(commented),
                $"{place.Path} has PEM text only in comment lines; remove the leading '#'.");
            return;
        }

        diagnostics.Error(DiagnosticCodes.NoPem, place,
            $"{place.Path} holds no PEM block; it must hold the text from '-----BEGIN …-----' to '-----END …-----'.");
    }

    private static bool IsCommentedBegin(string line)
    {
        var trimmed = line.AsSpan().Trim();
        return trimmed.StartsWith("#") && trimmed.TrimStart("# ").StartsWith(Begin);
    }
}
