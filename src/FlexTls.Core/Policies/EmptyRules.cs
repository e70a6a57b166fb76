namespace FlexTls;

/// <summary>
/// A key that is present but empty is an error: a template that expanded to nothing must never mean the default. Only
/// <c>ciphers</c> and <c>alpn</c> have a valid empty form.
/// </summary>
internal static class EmptyRules
{
    /// <summary>
    /// The fix for an empty <c>trustedCA</c>. It names the default, which nobody should choose unawares.
    /// </summary>
    public const string TrustedCAOtherwise = "write PEM text or file:PATH, or leave the key out to get its default, "
        + "which trusts the operating system's CAs";

    /// <summary>
    /// The document without its empty values. Each is reported here and removed, so that no other rule reports it
    /// again.
    /// </summary>
    public static PolicyDocument Remove(PolicyDocument document, DiagnosticList diagnostics) => document with
    {
        TrustedCA = NotEmpty(document.TrustedCA, diagnostics, TrustedCAOtherwise),
        Key = NotEmpty(document.Key, diagnostics),
        Crt = NotEmpty(document.Crt, diagnostics),
        Certificate = IsEmpty(document.Key) || IsEmpty(document.Crt) ? null : document.Certificate,
        KeyPassphrase = NotEmpty(document.KeyPassphrase, diagnostics),
        Pkcs12 = NotEmpty(document.Pkcs12, diagnostics),
        ServerName = NotEmpty(document.ServerName, diagnostics),
        MinVersion = NotEmpty(document.MinVersion, diagnostics),
        MaxVersion = NotEmpty(document.MaxVersion, diagnostics),
        SubjectAltNames = NotEmpty(document.SubjectAltNames, diagnostics),
        SpkiSha256 = NotEmpty(document.SpkiSha256, diagnostics),
        EmptyPins = NotEmptyPins(document.EmptyPins, diagnostics),
        DrainTimeout = NotEmpty(document.DrainTimeout, diagnostics),
    };

    private static bool IsEmpty(PolicyValue? value) => value is not null && string.IsNullOrWhiteSpace(value.Text);

    private static PolicyValue? NotEmpty(
        PolicyValue? value, DiagnosticList diagnostics, string otherwise = "leave the key out to get its default")
    {
        if (!IsEmpty(value))
        {
            return value;
        }

        diagnostics.Error(DiagnosticCodes.EmptyValue, value!.Place, $"{value.Place.Path} is empty; {otherwise}.");
        return null;
    }

    // An empty list of these would ask for no check at all.
    private static PolicyList<T>? NotEmpty<T>(PolicyList<T>? list, DiagnosticList diagnostics)
    {
        if (list is not { Items.Count: 0 })
        {
            return list;
        }

        diagnostics.Error(
            DiagnosticCodes.EmptyValue, list.Place,
            $"{list.Place.Path} is empty; list at least one, or leave the key out.");
        return null;
    }

    private static Place? NotEmptyPins(Place? empty, DiagnosticList diagnostics)
    {
        if (empty is not null)
        {
            diagnostics.Error(
                DiagnosticCodes.EmptyValue, empty,
                $"{empty.Path} holds no pins; list them in spkiSha256, or leave the key out.");
        }

        return null;
    }
}
