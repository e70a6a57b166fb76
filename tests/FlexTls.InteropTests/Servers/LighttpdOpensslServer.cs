namespace FlexTls.Interop;

internal sealed class LighttpdOpensslServer() : LighttpdServer("mod_openssl", "OpenSSL")
{
    public override IReadOnlyList<string> WordsWithoutCertificate => ["peer did not return a certificate"];

    protected override string LibraryPackage => "libssl3";

    // Level 0 allows the SHA-1 signatures of TLS 1.1.
    protected override string AllSuites => Setting("ALL:@SECLEVEL=0");

    protected override (string Aes128Gcm, string Aes256Gcm, string ChaCha20) Tls13 =>
        (Suites("TLS_AES_128_GCM_SHA256"), Suites("TLS_AES_256_GCM_SHA384"), Suites("TLS_CHACHA20_POLY1305_SHA256"));

    private static string Suites(string suite) => Setting(suite, "Ciphersuites");
}
