namespace FlexTls.Interop;

internal sealed class LighttpdWolfsslServer() : LighttpdServer("mod_wolfssl", "wolfSSL")
{
    public override IReadOnlyList<string> WordsWithoutCertificate => ["peer did not return a certificate"];

    // Debian builds the library without static RSA. It does not serve with a certificate of its own that has expired.
    protected override IEnumerable<Gap> KnownGaps =>
        [new(["TLS_RSA_WITH"], "can't match cipher suite"), new(["refused: expired"], "ASN date error, current date after")];

    protected override string LibraryPackage => "libwolfssl35";

    protected override (string Aes128Gcm, string Aes256Gcm, string ChaCha20) Tls13 =>
        (Setting("TLS13-AES128-GCM-SHA256"), Setting("TLS13-AES256-GCM-SHA384"), Setting("TLS13-CHACHA20-POLY1305-SHA256"));

    // .NET always asks for a stapled OCSP answer. Then the library looks for the issuer of the server's own certificate
    // and, without it, ends the handshake: -188 certificate verify failed.
    protected override bool NeedsIssuers => true;
}
