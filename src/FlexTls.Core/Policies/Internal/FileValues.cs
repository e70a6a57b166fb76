using System.Text;
using FlexTls.Diagnostics;

namespace FlexTls.Policies;

/// <summary>A value <c>file:PATH</c> stands for the content of that file.</summary>
internal static class FileValues
{
    private const string Prefix = "file:";
    private const int MostBytes = 1024 * 1024;

    /// <summary>The document with the texts that its references to files stand for; those that cannot be read are reported and left out.</summary>
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
        if (!IsReference(value))
        {
            diagnostics.Error(DiagnosticCodes.UnreadableReference, value.Place, $"{value.Place.Path} must be written as file:PATH.");
            return null;
        }

        var path = files.PathOf(value.Text[Prefix.Length..]);
        var content = files.Read(path, MostBytes);
        if (content.Bytes is not { Length: > 0 } bytes)
        {
            diagnostics.Error(DiagnosticCodes.UnreadableReference, value.Place,
                $"{value.Place.Path}: the file {Diagnostics.Text.Quote(path)} cannot be used: {content.Problem ?? "it is empty or no regular file"}.");
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
        if (value is null || !IsReference(value))
        {
            return value;
        }

        if (Bytes(value, document.Files, diagnostics, isSecret) is not { } bytes)
        {
            return null;
        }

        // What is no text at all has no PEM block either, which is what the reader then says.
        var text = Encoding.UTF8.GetString(bytes);
        return value.StandsFor(text).AsLines(text);
    }

    // What came from the environment is taken as it is.
    private static bool IsReference(PolicyValue value) => value.Origin is null && value.Text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether it looks like a private key in PEM or like PKCS#12, which begins with the tag of a DER sequence.</summary>
    private static bool HoldsKey(ReadOnlySpan<byte> bytes) => bytes[0] == 0x30 || bytes.IndexOf("PRIVATE KEY-----"u8) >= 0;
}
