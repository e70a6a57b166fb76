namespace FlexTls.Interop;

internal sealed class LighttpdMbedtlsServer() : LighttpdServer("mod_mbedtls", "Mbed TLS")
{
    public override bool FollowsClientOrder => false;

    public override ResumedSessions Resumes => ResumedSessions.None;

    public override IReadOnlyList<string> WordsWithoutCertificate => ["No client certification received from the client, but required"];

    // Version 2 of the library has no TLS 1.3.
    protected override IEnumerable<Gap> KnownGaps =>
    [
        new(["TLS 1.3, TLS_"], "Handshake protocol not within min/max boundaries"),
        new(["TLS 1.3"], "The server has no ciphersuites in common with the client"),
    ];

    protected override string LibraryPackage => "libmbedtls14";

    protected override (string Aes128Gcm, string Aes256Gcm, string ChaCha20) Tls13 => (AllSuites, AllSuites, AllSuites);
}
