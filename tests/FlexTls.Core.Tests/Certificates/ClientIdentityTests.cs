using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Certificates;

public class ClientIdentityTests
{
    private static readonly X509Certificate2 RsaClient = Pki.Root.IssueClient("CN=rsa", KeyKind.Rsa2048);

    public static TheoryData<string> KeyForms => ["PKCS#8 EC", "SEC1 EC", "SEC1 EC after its parameters", "PKCS#8 RSA", "PKCS#1 RSA"];

    [Theory]
    [MemberData(nameof(KeyForms))]
    public void EveryKeyForm_IsRead(string form)
    {
        var ec = Pki.Client.GetECDsaPrivateKey()!;
        var rsa = RsaClient.GetRSAPrivateKey()!;
        var (certificate, key) = form switch
        {
            "PKCS#8 EC" => (Pki.Client, ec.ExportPkcs8PrivateKeyPem()),
            "SEC1 EC" => (Pki.Client, ec.ExportECPrivateKeyPem()),
            "SEC1 EC after its parameters" => (Pki.Client, "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + ec.ExportECPrivateKeyPem()),
            "PKCS#8 RSA" => (RsaClient, rsa.ExportPkcs8PrivateKeyPem()),
            _ => (RsaClient, rsa.ExportRSAPrivateKeyPem()),
        };

        var policy = Findings.Accepted(Options(key, certificate.ExportCertificatePem()));

        Assert.True(policy.HasClientCertificate);
        Assert.True(policy.ClientIdentity!.Leaf.HasPrivateKey);
    }

    [Fact]
    public void TextAroundTheBlocks_AndCarriageReturns_AreNoFault()
    {
        var crt = "Bag Attributes\n    friendlyName: client\nsubject=CN = client\n" + Pki.Client.ChainPem(Pki.Intermediate.Certificate) + "\n";

        var policy = Findings.Accepted(Options(Pki.Client.KeyPem().ReplaceLineEndings("\r\n"), crt.ReplaceLineEndings("\r\n")));

        Assert.Equal(["CN=FlexTls Test Intermediate"], policy.ClientIdentity!.Intermediates.Select(c => c.Subject));
    }

    [Fact]
    public void AKeyOfAnotherCertificate_IsRefused() =>
        Findings.Refused(Options(Pki.Root.IssueClient().KeyPem(), Pki.Client.ExportCertificatePem()), "E:FTLS3008");

    [Fact]
    public void AKeyOfAnotherKind_IsRefused() => Findings.Refused(Options(RsaClient.KeyPem(), Pki.Client.ExportCertificatePem()), "E:FTLS3008");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APkcs12WhoseKeyIsAnothers_IsRefused_InAFileAndInCode(bool isOfAnotherKind)
    {
        using AsymmetricAlgorithm key = isOfAnotherKind ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var data = Pkcs12(Pki.Client, key);
        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, data);
        using var inCode = X509CertificateLoader.LoadPkcs12(data, "p");

        var file = Findings.Refused(
            new OutboundTlsOptions { Extensions = new() { Pkcs12 = $"file:{path}", KeyPassphrase = "p" } }, "E:FTLS3008");
        var code = Findings.Refused(new OutboundTlsOptions { ClientCertificate = inCode }, "E:FTLS3008");

        Assert.All([file[0], code[0]], found => Assert.EndsWith(
            "the private key does not belong to the certificate 'CN=client'.", found.Message, StringComparison.Ordinal));
        File.Delete(path);
    }

    [Fact]
    public void ACertificateThatThePlatformCannotPresent_IsAFaultOfThePolicy()
    {
        // OpenSSL builds no chain for a proxy certificate (RFC 3820).
        var proxy = new X509Extension("1.3.6.1.5.5.7.1.14", Convert.FromHexString("300C300A06082B06010505071501"), critical: true);
        using var client = Pki.Root.Issue(
            "CN=client", new CertificateRequestOptions { Usages = [CertificateRequestOptions.ClientAuth], Extensions = [proxy] });
        var policy = Findings.Accepted(Options(client.KeyPem(), client.ExportCertificatePem()));

        var refused = Assert.Throws<TlsPolicyException>(() => new TlsContextFactory().Create(policy));

        Assert.Equal("FTLS4010", Assert.Single(refused.Diagnostics).Code);
        Assert.StartsWith(
            "Certificate.Crt: the platform cannot use the client certificate 'CN=client'", refused.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACertificateForKeyAgreementAlone_IsNamed_AndNotAsAMismatch()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            new X500DistinguishedName("CN=client"), new PublicKey(key), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyAgreement, critical: true));
        using var alone = request.Create(
            Pki.Root.Certificate, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), [1]);
        using var client = alone.CopyWithPrivateKey(key);

        var pem = Findings.Refused(Options(key.ExportPkcs8PrivateKeyPem(), client.ExportCertificatePem()), "E:FTLS3040");
        Findings.Refused(new OutboundTlsOptions { ClientCertificate = client }, "E:FTLS3040");

        Assert.Contains("'CN=client' is only for key agreement", pem[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APublicKeyThatIsNoPointOfItsCurve_IsAMismatch_AndNothingThrows()
    {
        var key = Pki.Client.GetECDsaPrivateKey()!;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var damaged = Pki.Client.RawData;
        damaged[damaged.AsSpan().IndexOf(point.Y) + point.Y!.Length - 1] ^= 1;
        var pem = PemEncoding.WriteString("CERTIFICATE", damaged);

        var leaf = Findings.Refused(Options(Pki.Client.KeyPem(), pem), "E:FTLS3008");
        Findings.Accepted(Options(Pki.Client.KeyPem(), Pki.Client.ExportCertificatePem() + "\n" + pem));

        Assert.EndsWith(
            "does not belong to the first certificate of Certificate.Crt, 'CN=client'.", leaf[0].Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheCertificateOfACA_IsAWarning_UnlessItsKeyMaySignHandshakes()
    {
        const X509KeyUsageFlags Both = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature;
        using var both = TestCA.Root(
            "CN=both", new AuthorityOptions { Extensions = [new X509KeyUsageExtension(Both, critical: true)] });
        using var silent = TestCA.Root("CN=silent", new AuthorityOptions { Without = ["2.5.29.15"] });

        var warned = Findings.Accepted(Options(Pki.Root.Certificate.KeyPem(), Pki.Root.Pem), "W:FTLS3026");
        Findings.Accepted(Options(both.Certificate.KeyPem(), both.Pem));
        Findings.Accepted(Options(silent.Certificate.KeyPem(), silent.Pem));

        Assert.EndsWith(
            "certificate 'CN=FlexTls Test Root' is a CA's, whose key usage has keyCertSign without digitalSignature; "
                + "most servers refuse it; issue one for the client.",
            warned.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABundleThatDoesNotBeginWithTheLeaf_IsToldAsSuch()
    {
        var found = Findings.Refused(Options(Pki.Client.KeyPem(), Pki.Intermediate.Certificate.ChainPem(Pki.Client)), "E:FTLS3016");

        Assert.Contains("'CN=client'", found[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WeakKeys_AreRefusedAnywhereInTheBundle()
    {
        var weak = Pki.Root.IssueClient("CN=weak", KeyKind.Rsa1024);
        Findings.Refused(Options(weak.KeyPem(), weak.ExportCertificatePem()), "E:FTLS3009");
        Findings.Refused(Options(Pki.Client.KeyPem(), Pki.Client.ChainPem(weak)), "E:FTLS3009");
        var otherCurve = Pki.Root.IssueClient("CN=curve", KeyKind.EcSecp256k1);
        Findings.Refused(Options(otherCurve.KeyPem(), otherCurve.ExportCertificatePem()), "E:FTLS3009");
    }

    [Fact]
    public void AnEncryptedKey_IsToldAsSuch()
    {
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000);
        var key = Pki.Client.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem("secret", parameters);

        Findings.Refused(Options(key, Pki.Client.ExportCertificatePem()), "E:FTLS3007");
    }

    [Fact]
    public void AnEd25519Key_HasACodeOfItsOwn()
    {
        // PKCS#8 of RFC 8410, section 10.3, without a real key's bits.
        var ed25519 = "-----BEGIN PRIVATE KEY-----\n" + Convert.ToBase64String([0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20, .. new byte[32]]) + "\n-----END PRIVATE KEY-----";

        Findings.Refused(Options(ed25519, Pki.Client.ExportCertificatePem()), "E:FTLS3040");
    }

    public static TheoryData<string, string> BadKeys => new()
    {
        { "FTLS3001", "no key" },
        { "FTLS3024", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ" },
        { "FTLS3002", "# -----BEGIN PRIVATE KEY-----\n# insert certificate key\n# -----END PRIVATE KEY-----" },
        { "FTLS3003", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----" },
        { "FTLS3004", "-----BEGIN PRIVATE KEY-----\nAAAA" },
        { "FTLS3004", "-----BEGIN PRIVATE KEY-----\nAAA\n-----END PRIVATE KEY-----" },
        { "FTLS3004", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----" },
        { "FTLS3004", "-----BEGIN PRIVATE KEY----- AAAA -----END PRIVATE KEY-----" },
        { "FTLS3004", "AAAA\n-----END PRIVATE KEY-----" },
        { "FTLS3006", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" },
        { "FTLS3006", "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----" },
        { "FTLS3017", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----" },
        { "FTLS3018", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----" },
    };

    [Theory]
    [MemberData(nameof(BadKeys))]
    public void ABadKey_IsRefusedWithItsOwnCode_AndNeverQuoted(string code, string key)
    {
        var found = Findings.Refused(Options(key, Pki.Client.ExportCertificatePem()), $"E:{code}");

        Assert.DoesNotContain("MIIEvQ", found[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ACertificateWithoutClientAuth_IsAWarning()
    {
        var server = Pki.EcServer;

        Findings.Accepted(Options(server.KeyPem(), server.ExportCertificatePem()), "W:FTLS3015");
    }

    [Fact]
    public void ACertificateFromCodeThatIsDisposed_IsRefused()
    {
        var disposed = Pki.Root.IssueClient();
        disposed.Dispose();

        Findings.Refused(new OutboundTlsOptions { ClientCertificate = disposed }, "E:FTLS3005");
    }

    [Fact]
    public void ACertificateFromCodeWithoutItsKey_IsRefused()
    {
        using var publicHalf = X509CertificateLoader.LoadCertificate(Pki.Client.RawData);

        Findings.Refused(new OutboundTlsOptions { ClientCertificate = publicHalf }, "E:FTLS3019");
    }

    private static OutboundTlsOptions Options(string key, string crt) => new() { Certificate = new CertificateOptions { Key = key, Crt = crt } };

    /// <summary>A file that pairs a certificate with any key.</summary>
    private static byte[] Pkcs12(X509Certificate2 certificate, AsymmetricAlgorithm key)
    {
        var id = new Pkcs9LocalKeyId([1]);
        var contents = new Pkcs12SafeContents();
        contents.AddCertificate(X509CertificateLoader.LoadCertificate(certificate.RawData)).Attributes.Add(id);
        contents.AddShroudedKey(key, "p", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1))
            .Attributes.Add(id);
        var file = new Pkcs12Builder();
        file.AddSafeContentsUnencrypted(contents);
        file.SealWithMac("p", HashAlgorithmName.SHA256, 1);
        return file.Encode();
    }
}
