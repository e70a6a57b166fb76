using System.Text;
using FlexTls.Certificates;
using FlexTls.Diagnostics;

namespace FlexTls.Policies;

/// <summary>A value <c>file:PATH</c> stands for the content of that file.</summary>
internal static class FileValues
{
    private const int MostBytes = 1024 * 1024;
    private const string PemRule = "-----";

    /// <summary>
    /// The document with the texts that its references to files stand for; those that cannot be read are reported and
    /// left out.
    /// </summary>
    public static PolicyDocument Read(PolicyDocument document, DiagnosticList diagnostics)
    {
        var (key, crt) = (Text(document.Key, document, diagnostics, isSecret: true), Text(document.Crt, document, diagnostics));
        return document with
        {
            TrustedCA = Text(document.TrustedCA, document, diagnostics),
            Key = key,
            Crt = crt,
            Certificate = (key is null && document.Key is not null) || (crt is null && document.Crt is not null) ? null : document.Certificate,
        };
    }

    /// <summary>The bytes of the file that a value names; <see langword="null"/> after a reported fault.</summary>
    public static byte[]? Bytes(PolicyValue value, FileReads files, DiagnosticList diagnostics, bool isSecret)
    {
        if (!ValueReferences.IsFile(value))
        {
            diagnostics.Error(DiagnosticCodes.UnreadableReference, value.Place,
                $"{value.Place.Path} {ReferenceMistakes.OfText(value) ?? "must be written as file:PATH"}.");
            return null;
        }

        var reference = value.Text.Trim()[ValueReferences.FilePrefix.Length..].TrimStart();
        if (reference.Contains('\n', StringComparison.Ordinal) || reference.Contains(PemRule, StringComparison.Ordinal))
        {
            diagnostics.Error(DiagnosticCodes.UnreadableReference, value.Place,
                $"{value.Place.Path} has more text after file:PATH, perhaps the lines that stood there before; "
                + "remove them.");
            return null;
        }

        var path = files.PathOf(reference);
        var content = files.Read(path, MostBytes);
        if (content.Bytes is not { Length: > 0 } bytes)
        {
            var problem = content.Problem ?? "it is empty, or no regular file but a pipe or a device";
            var hint = content.Bytes is null ? ReferenceMistakes.HintOfPath(reference) : "";
            diagnostics.Error(DiagnosticCodes.UnreadableReference, value.Place,
                $"{value.Place.Path}: the file {Diagnostics.Text.Quote(path)} cannot be used: {problem}{hint}.");
            return null;
        }

        if (isSecret && HoldsKey(bytes) && content.Mode.HasFlag(UnixFileMode.OtherRead))
        {
            diagnostics.Warning(DiagnosticCodes.KeyFileReadableByOthers, value.Place,
                $"{value.Place.Path}: everybody on this machine can read the private key in {Diagnostics.Text.Quote(path)}; take the right away (chmod o-r).");
        }

        return bytes;
    }

    private static PolicyValue? Text(PolicyValue? value, PolicyDocument document, DiagnosticList diagnostics, bool isSecret = false)
    {
        if (value is null)
        {
            return null;
        }

        if (!ValueReferences.IsFile(value))
        {
            return IsMistake(value, diagnostics) ? null : value;
        }

        if (Bytes(value, document.Files, diagnostics, isSecret) is not { } bytes)
        {
            return null;
        }

        if (OtherForm.Of(bytes) is { } form)
        {
            diagnostics.Error(DiagnosticCodes.NotPem, value.Place,
                $"{value.Place.Path} ({value.Text}) is not PEM text: {form}.");
            return null;
        }

        // What is no text at all has no PEM block either, which is what the reader then says.
        return value.StandsFor(Encoding.UTF8.GetString(bytes)).AsLines();
    }

    private static bool IsMistake(PolicyValue value, DiagnosticList diagnostics)
    {
        if (ReferenceMistakes.OfText(value) is not { } mistake)
        {
            return false;
        }

        diagnostics.Error(DiagnosticCodes.NotAReference, value.Place, $"{value.Place.Path} {mistake}.");
        return true;
    }

    /// <summary>
    /// Whether it looks like a private key in PEM or like PKCS#12, which begins with the tag of a DER sequence.
    /// </summary>
    private static bool HoldsKey(ReadOnlySpan<byte> bytes) => bytes[0] == 0x30 || bytes.IndexOf("PRIVATE KEY-----"u8) >= 0;
}
