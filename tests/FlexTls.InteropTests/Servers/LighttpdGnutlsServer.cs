namespace FlexTls.Interop;

internal sealed class LighttpdGnutlsServer() : LighttpdServer("mod_gnutls", "GnuTLS")
{
    public override IReadOnlyList<string> WordsWithoutCertificate => ["GNUTLS_E_NO_CERTIFICATE_FOUND", "GNUTLS_E_CERTIFICATE_REQUIRED"];

    protected override IEnumerable<Gap> KnownGaps => [new(["client certificate optional, none sent"], "GNUTLS_E_NO_CERTIFICATE_FOUND")];

    protected override string LibraryPackage => "libgnutls30";

    // Suites are added to the defaults unless the list begins with this.
    protected override (string Aes128Gcm, string Aes256Gcm, string ChaCha20) Tls13 =>
        (Setting("-DEFAULT:AES128"), Setting("-DEFAULT:AES256"), Setting("-DEFAULT:CHACHA20"));
}
