namespace FlexTls.Interop;

internal sealed class LighttpdNssServer() : LighttpdServer("mod_nss", "NSS")
{
    public override Tells Tells => Tells.Version | Tells.Suite;

    public override bool SaysCipherOnly => true;

    public override ResumedSessions Resumes => ResumedSessions.WithoutClientCertificate;

    protected override IEnumerable<Gap> KnownGaps =>
        [new(["client certificate "], "CERT_ImportCAChainTrusted()") { Probe = folder => Command(folder, withClientCertificates: true), Source = "it does not start" }];

    protected override string LibraryPackage => "libnss3";

    protected override string AllSuites => Setting("ALL");

    protected override (string Aes128Gcm, string Aes256Gcm, string ChaCha20) Tls13 =>
        (Setting("+aes_128_gcm_sha_256"), Setting("+aes_256_gcm_sha_384"), Setting("+chacha20_poly1305_sha_256"));

    // Its database is in memory, and a CA cannot be imported into that: it does not start with one.
    protected override bool TakesClientCertificates => false;
}
