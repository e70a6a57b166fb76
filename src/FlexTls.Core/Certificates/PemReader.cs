using System.Buffers;

namespace FlexTls;

/// <summary>
/// Reads PEM text strictly: every BEGIN needs its END and clean base64 between them, so that an incompletely written
/// bundle is an error and never a shorter bundle. Text outside the blocks is explanatory (RFC 7468, section 5.2) and
/// ignored.
/// </summary>
internal static class PemReader
{
    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t");

    /// <summary>
    /// The blocks of a value, in order; empty if the value is unusable, with the reason in
    /// <paramref name="diagnostics"/>.
    /// </summary>
    public static IReadOnlyList<PemBlock> Read(string text, Place place, DiagnosticList diagnostics)
    {
        var lines = PemText.Lines(text, place);
        var blocks = new List<PemBlock>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (PemText.LabelOf(lines[i]) is { } label)
            {
                var end = FindEnd(lines, i, label, place, diagnostics);
                if (end < 0 || Decode(lines, i, end, place, diagnostics) is not { } data)
                {
                    return [];
                }

                blocks.Add(new PemBlock(label, data, i));
                i = end;
            }
            else if (PemFaults.OfLine(lines, i) is { } fault)
            {
                ReportMalformed(fault, place.AtLine(i), diagnostics);
                return [];
            }
        }

        if (blocks.Count == 0)
        {
            ReportNothing(text, lines, place, diagnostics);
        }

        return blocks;
    }

    private static int FindEnd(string[] lines, int begin, string label, Place place, DiagnosticList diagnostics)
    {
        var end = Array.FindIndex(lines, begin + 1, line => line.StartsWith(PemText.Dashes, StringComparison.Ordinal));
        if (end >= 0 && lines[end] == $"{PemText.End}{label}{PemText.Dashes}")
        {
            return end;
        }

        ReportMalformed(PemFaults.OfEnd(lines, begin, end), place.AtLine(begin), diagnostics);
        return -1;
    }

    private static byte[]? Decode(string[] lines, int begin, int end, Place place, DiagnosticList diagnostics)
    {
        var body = lines[(begin + 1)..end];
        if (body.Any(line => line.StartsWith("Proc-Type:", StringComparison.Ordinal)))
        {
            diagnostics.Error(DiagnosticCodes.LegacyEncryptedKey, place.AtLine(begin),
                $"{place.Path} is a key in OpenSSL's old encrypted form (Proc-Type, DEK-Info); convert it to PKCS#8 "
                + "with 'openssl pkcs8 -topk8'.");
            return null;
        }

        var strange = Array.FindIndex(body, line => line.AsSpan().ContainsAnyExcept(Base64));
        if (strange >= 0)
        {
            ReportMalformed(PemFaults.OfBodyLine(body[strange]), place.AtLine(begin + 1 + strange), diagnostics);
            return null;
        }

        try
        {
            // Throws if the length is not a whole number of groups, and for padding within the text.
            var data = Convert.FromBase64String(string.Concat(body));
            if (data.Length > 0)
            {
                return data;
            }
        }
        catch (FormatException)
        {
            ReportMalformed("the base64 text of a block is not whole: a part of it is missing",
                place.AtLine(begin), diagnostics);
            return null;
        }

        ReportMalformed("there is nothing between a BEGIN line and its END line", place.AtLine(begin), diagnostics);
        return null;
    }

    private static void ReportNothing(string text, string[] lines, Place place, DiagnosticList diagnostics)
    {
        var commented = Array.FindIndex(lines, IsCommentedBegin);
        if (commented >= 0)
        {
            diagnostics.Error(DiagnosticCodes.CommentedPem, place.AtLine(commented),
                $"{place.Path} has PEM text only in comment lines; remove the leading '#'.");
            return;
        }

        if (OtherForm.Of(text) is { } form)
        {
            diagnostics.Error(DiagnosticCodes.NotPem, place, $"{place.Path} is not PEM text: {form}.");
            return;
        }

        diagnostics.Error(DiagnosticCodes.NoPem, place,
            $"{place.Path} holds no PEM block; it must hold the text from its BEGIN line to its END line.");
    }

    private static void ReportMalformed(string fault, Place place, DiagnosticList diagnostics) =>
        diagnostics.Error(DiagnosticCodes.MalformedPem, place, $"{place.Path} has damaged PEM text: {fault}.");

    private static bool IsCommentedBegin(string line) =>
        line.StartsWith('#') && line.AsSpan().TrimStart("# ").StartsWith(PemText.Begin);
}
