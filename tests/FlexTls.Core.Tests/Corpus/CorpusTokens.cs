using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;

namespace FlexTls.Corpus;

/// <summary>The PEM texts that corpus files name, so that no key and no certificate stands on disk.</summary>
internal static class CorpusTokens
{
    private static readonly X509Certificate2 WeakClient = Pki.Root.IssueClient("CN=weak client", KeyKind.Rsa1024);
    private static readonly X509Certificate2 RsaClient = Pki.Root.IssueClient("CN=RSA client", KeyKind.Rsa2048);
    private static readonly TestCA WeakRoot = TestCA.Root("CN=Weak Root", KeyKind.Rsa1024);
    private static readonly X509Certificate2 OtherClient = Pki.Root.IssueClient("CN=other client");

    // Names scrypt (RFC 7914) and a cipher, and encrypts nothing.
    private const string Scrypt =
        "3063304f06092a864886f70d01050d3042302106092b06010401da47040b301404080000000000000000020240"
        + "00020108020101301d060960864801650304012a04100000000000000000000000000000000004100000000000"
        + "0000000000000000000000";

    public static string Pem(string token) => token switch
    {
        "root" => Pki.Root.Pem,
        "root-key" => Pki.Root.Certificate.KeyPem(),
        "foreign" => Pki.Foreign.Pem,
        "weak-root" => WeakRoot.Pem,
        "server" => Pki.EcServer.ExportCertificatePem(),
        "server-key" => Pki.EcServer.KeyPem(),
        "client" => Pki.Client.ExportCertificatePem(),
        "client-key" => Pki.Client.KeyPem(),
        "client-key-encrypted" => CorpusEnvironment.EncryptedKey(Pki.Client.GetECDsaPrivateKey()!),
        "rsa-client" => RsaClient.ExportCertificatePem(),
        "rsa-client-key-encrypted" => CorpusEnvironment.EncryptedKey(RsaClient.GetRSAPrivateKey()!),
        "intermediate" => Pki.Intermediate.Pem,
        "other-client-key" => OtherClient.KeyPem(),
        "weak-client" => WeakClient.ExportCertificatePem(),
        "weak-client-key" => WeakClient.KeyPem(),
        "client-key-scrypt" => PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", Convert.FromHexString(Scrypt)),
        "damaged-certificate" => "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "damaged-key" => "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        "ed25519-key" => PemEncoding.WriteString("PRIVATE KEY", [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20, .. new byte[32]]),
        "ed25519-certificate" => Pki.Root.IssueEd25519("CN=Ed25519").ExportCertificatePem(),
        "other-key-certificate" => Pki.Root.IssueAuthorityFor("CN=Another kind", "1.2.643.7.1.1.1.1", new byte[64]).ExportCertificatePem(),
        "half-certificate" => Pki.Root.Pem[..^30],
        "legacy-key" => "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----",
        _ => throw new FormatException($"unknown token '{token}'"),
    };
}
