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
    public static byte[]? Bytes(PolicyValue value, string baseFolder, DiagnosticList diagnostics, bool isSecret)
    {
        if (!IsReference(value))
        {
            diagnostics.Error(DiagnosticCodes.UnreadableReference, value.Place, $"{value.Place.Path} must be written as file:PATH.");
            return null;
        }

        var path = Path.Combine(baseFolder, value.Text[Prefix.Length..]);
        try
        {
            return Read(value, path, diagnostics, isSecret);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var reason = e is UnauthorizedAccessException ? "access is denied" : e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : "reading it fails";
            return Unreadable(value, path, reason, diagnostics);
        }
    }

    private static PolicyValue? Text(PolicyValue? value, PolicyDocument document, DiagnosticList diagnostics, bool isSecret = false)
    {
        if (value is null || !IsReference(value))
        {
            return value;
        }

        if (Bytes(value, document.BaseFolder, diagnostics, isSecret) is not { } bytes)
        {
            return null;
        }

        // What is no text at all has no PEM block either, which is what the reader then says.
        var text = Encoding.UTF8.GetString(bytes);
        return value.StandsFor(text).AsLines(text);
    }

    // What came from the environment is taken as it is.
    private static bool IsReference(PolicyValue value) => value.Origin is null && value.Text.StartsWith(Prefix, StringComparison.Ordinal);

    private static byte[]? Read(PolicyValue value, string path, DiagnosticList diagnostics, bool isSecret)
    {
        // A pipe or a device has no length; opening one could wait forever. A link, as mounted secrets are, has its own.
        var length = new FileInfo(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path).Length;
        if (length is 0 or > MostBytes)
        {
            return Unreadable(value, path, length == 0 ? "it is empty or no regular file" : "it is longer than 1 MiB", diagnostics);
        }

        using var file = File.OpenHandle(path);
        var bytes = new byte[length];
        if (RandomAccess.Read(file, bytes, 0) != length)
        {
            return Unreadable(value, path, "it changes while it is read", diagnostics);
        }

        if (isSecret && HoldsKey(bytes) && !OperatingSystem.IsWindows() && File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead))
        {
            diagnostics.Warning(DiagnosticCodes.KeyFileReadableByOthers, value.Place,
                $"{value.Place.Path}: everybody on this machine can read the private key in {Diagnostics.Text.Quote(path)}; take the right away (chmod o-r).");
        }

        return bytes;
    }

    /// <summary>Whether it looks like a private key in PEM or like PKCS#12, which begins with the tag of a DER sequence.</summary>
    private static bool HoldsKey(ReadOnlySpan<byte> bytes) => bytes[0] == 0x30 || bytes.IndexOf("PRIVATE KEY-----"u8) >= 0;

    private static byte[]? Unreadable(PolicyValue value, string path, string reason, DiagnosticList diagnostics)
    {
        diagnostics.Error(DiagnosticCodes.UnreadableReference, value.Place, $"{value.Place.Path}: the file {Diagnostics.Text.Quote(path)} cannot be used: {reason}.");
        return null;
    }
}
