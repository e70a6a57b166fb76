using FlexTls.Diagnostics;

namespace FlexTls.Policies;

/// <summary>
/// A key that is present but empty is an error: a template that expanded to nothing must never mean the default.
/// <c>ciphers</c> and <c>alpn</c> have an empty form of their own.
/// </summary>
internal static class EmptyRules
{
    /// <summary>The document without its empty values, each of which is reported, so that no other rule reports it again.</summary>
    public static PolicyDocument Remove(PolicyDocument document, DiagnosticList diagnostics) => document with
    {
        TrustedCA = NotEmpty(document.TrustedCA, diagnostics),
        Key = NotEmpty(document.Key, diagnostics),
        Crt = NotEmpty(document.Crt, diagnostics),
        Certificate = IsEmpty(document.Key) || IsEmpty(document.Crt) ? null : document.Certificate,
        KeyPassphrase = NotEmpty(document.KeyPassphrase, diagnostics),
        Pkcs12 = NotEmpty(document.Pkcs12, diagnostics),
        ServerName = NotEmpty(document.ServerName, diagnostics),
        MinVersion = NotEmpty(document.MinVersion, diagnostics),
        MaxVersion = NotEmpty(document.MaxVersion, diagnostics),
    };

    private static bool IsEmpty(PolicyValue? value) => value is not null && string.IsNullOrWhiteSpace(value.Text);

    private static PolicyValue? NotEmpty(PolicyValue? value, DiagnosticList diagnostics)
    {
        if (!IsEmpty(value))
        {
            return value;
        }

        diagnostics.Error(DiagnosticCodes.EmptyValue, value!.Place, $"{value.Place.Path} is empty; leave the key out to get its default.");
        return null;
    }
}
