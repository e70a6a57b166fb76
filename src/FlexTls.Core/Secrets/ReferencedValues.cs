using System.Text;

namespace FlexTls;

/// <summary>
/// A value <c>file:PATH</c> stands for the content of that file, and <c>scheme:reference</c> for the secret from the
/// provider of that scheme.
/// </summary>
internal static class ReferencedValues
{
    private const string PemRule = "-----";

    /// <summary>
    /// The PEM text that a value stands for, or the value itself; <see langword="null"/> after a reported fault.
    /// </summary>
    public static PolicyValue? Text(
        PolicyValue value, ValueReads reads, DiagnosticList diagnostics, bool isSecret = false)
    {
        if (!ValueReferences.IsFile(value) && ValueReferences.SchemeOf(value) is null)
        {
            return IsMistake(value, diagnostics) ? null : value;
        }

        if (Bytes(value, reads, diagnostics, isSecret) is not { } bytes)
        {
            return null;
        }

        if (OtherForm.Of(bytes) is { } form)
        {
            diagnostics.Error(DiagnosticCodes.NotPem, value.Place,
                $"{value.Place.Path} ({value.Text}) is not PEM text: {form}.");
            return null;
        }

        // Content that is not text has no PEM block either, and the PEM reader reports that.
        return value.StandsFor(Encoding.UTF8.GetString(bytes)).AsLines();
    }

    /// <summary>
    /// The passphrase that a value stands for, or the value itself; <see langword="null"/> after a reported fault. The
    /// value is a reference only if its scheme has a provider: a passphrase may have any form.
    /// </summary>
    public static PolicyValue? Passphrase(PolicyValue value, ValueReads reads, DiagnosticList diagnostics) =>
        ValueReferences.SchemeOf(value) is { } scheme && reads.HasProvider(scheme)
            ? Secret(value, reads, diagnostics, isPassphrase: true) is { } bytes
                ? value.StandsFor(WithoutLineBreak(bytes))
                : null
            : value;

    /// <summary>The bytes that a value stands for; <see langword="null"/> after a reported fault.</summary>
    public static byte[]? Bytes(PolicyValue value, ValueReads reads, DiagnosticList diagnostics, bool isSecret)
    {
        if (ValueReferences.IsFile(value))
        {
            return File(value, reads, diagnostics, isSecret);
        }

        if (ValueReferences.SchemeOf(value) is not { } scheme)
        {
            diagnostics.Error(DiagnosticCodes.UnreadableReference, value.Place,
                $"{value.Place.Path} {ReferenceMistakes.OfText(value) ?? "must be written as file:PATH"}.");
            return null;
        }

        if (reads.HasProvider(scheme))
        {
            return Secret(value, reads, diagnostics);
        }

        // No part of a key is quoted, not even its beginning.
        var shown = isSecret ? "a scheme" : $"the scheme '{scheme}:'";
        diagnostics.Error(DiagnosticCodes.UnknownScheme, value.Place,
            $"{value.Place.Path} begins with {shown} that no provider of secrets has; register one with "
            + "AddSecretProvider, or write PEM text or file:PATH.");
        return null;
    }

    private static byte[]? File(PolicyValue value, ValueReads reads, DiagnosticList diagnostics, bool isSecret)
    {
        var reference = value.Text.Trim()[ValueReferences.FilePrefix.Length..].TrimStart();
        if (reference.Contains('\n', StringComparison.Ordinal) || reference.Contains(PemRule, StringComparison.Ordinal))
        {
            diagnostics.Error(DiagnosticCodes.UnreadableReference, value.Place,
                $"{value.Place.Path} has more text after file:PATH, perhaps left over from an earlier value; "
                + "remove it.");
            return null;
        }

        var path = reads.PathOf(reference);
        var content = reads.Read(path, ValueContent.LongestValue);
        if (content.Bytes is not { Length: > 0 } bytes)
        {
            var problem = content.Problem ?? "it is empty, or a pipe or a device";
            var hint = content.Bytes is null ? ReferenceMistakes.HintOfPath(reference) : "";
            diagnostics.Error(DiagnosticCodes.UnreadableReference, value.Place,
                $"{value.Place.Path}: the file {FlexTls.Text.Quote(path)} cannot be used: {problem}{hint}.");
            return null;
        }

        if (isSecret && HoldsKey(bytes) && content.Mode.HasFlag(UnixFileMode.OtherRead))
        {
            diagnostics.Warning(DiagnosticCodes.KeyFileReadableByOthers, value.Place,
                $"{value.Place.Path}: every user of this machine can read the private key in "
                + $"{FlexTls.Text.Quote(path)}; remove the permission (chmod o-r).");
        }

        return bytes;
    }

    private static string WithoutLineBreak(byte[] passphrase) =>
        Encoding.UTF8.GetString(passphrase).TrimEnd('\r', '\n');

    private static byte[]? Secret(
        PolicyValue value, ValueReads reads, DiagnosticList diagnostics, bool isPassphrase = false)
    {
        var name = ValueReferences.NameOf(value);
        var content = reads.ReadSecret(name);
        if (content.Bytes is { Length: > 0 } bytes && !(isPassphrase && WithoutLineBreak(bytes).Length == 0))
        {
            return bytes;
        }

        diagnostics.Error(DiagnosticCodes.UnreadableReference, value.Place,
            $"{value.Place.Path}: the secret {FlexTls.Text.Quote(name)} cannot be used: "
            + $"{content.Problem ?? "it is empty"}.");
        return null;
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
    private static bool HoldsKey(ReadOnlySpan<byte> bytes) =>
        bytes[0] == 0x30 || bytes.IndexOf("PRIVATE KEY-----"u8) >= 0;
}
