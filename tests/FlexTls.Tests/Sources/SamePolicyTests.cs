using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary>One policy written in a file, in the configuration and in code is the same policy.</summary>
public class SamePolicyTests
{
    private const string Passphrase = "open sesame";

    [Fact]
    public Task NothingWritten() => AssertSameAsync("{}", new { }, _ => { });

    [Fact]
    public Task SkipValidation() => AssertSameAsync("skipValidation: true", new { skipValidation = true }, options => options.DangerousSkipValidation = true);

    [Fact]
    public Task EveryOtherKey()
    {
        var (key, crt) = (Pki.Client.KeyPem(), Pki.Client.ChainPem(Pki.Intermediate.Certificate));
        return AssertSameAsync(
            $"""
            {PolicyYaml.Trusting}certificate:
              key: |
            {key.Indented(4)}
              crt: |
            {crt.Indented(4)}
            alpn: [http/1.1, h2]
            minversion: 1.2
            maxversion: "1.2"
            ciphers: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
            extensions: {"{"} serverName: Orders.Example, drainTimeout: 90s {"}"}
            """,
            new
            {
                trustedCA = Pki.Root.Pem,
                certificate = new { key, crt },
                alpn = new[] { "http/1.1", "h2" },
                minversion = 1.2,
                maxversion = "1.2",
                ciphers = new[] { "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
                extensions = new { serverName = "orders.example", drainTimeout = "90s" },
            },
            options =>
            {
                options.TrustedCA = Pki.Root.Pem;
                options.Certificate = new CertificateOptions { Key = key, Crt = crt };
                options.Alpn = ["http/1.1", "h2"];
                (options.MinVersion, options.MaxVersion) = (TlsVersion.Tls12, TlsVersion.Tls12);
                options.Ciphers = Typed.Suites("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
                options.Extensions = new OutboundTlsExtensionOptions { ServerName = "orders.example", DrainTimeout = TimeSpan.FromSeconds(90) };
            });
    }

    [Fact]
    public Task EveryExtensionOfValidation()
    {
        var (one, other) = (Pin(Pki.Root.Certificate), Pin(Pki.Foreign.Certificate));
        return AssertSameAsync(
            $"""
            {PolicyYaml.Trusting}extensions:
              subjectAltNames:
                - type: URI
                  value: spiffe://example.org/orders
                - {"{"} type: DNS, value: Orders.Example {"}"}
                - {"{"} type: IP, value: "2001:db8:0::1" {"}"}
              trustSystemCA: True
              allowPlainHttp: true
              pins:
                spkiSha256: [{one}, {other}]
            """,
            new
            {
                trustedCA = Pki.Root.Pem,
                extensions = new
                {
                    subjectAltNames = new object[]
                    {
                        new { type = "URI", value = "spiffe://example.org/orders" }, new { type = "DNS", value = "orders.example" }, new { type = "IP", value = "2001:db8::1" },
                    },
                    trustSystemCA = true,
                    allowPlainHttp = true,
                    pins = new { spkiSha256 = new[] { one, other } },
                },
            },
            options =>
            {
                options.TrustedCA = Pki.Root.Pem;
                options.Extensions = new OutboundTlsExtensionOptions
                {
                    SubjectAltNames =
                    [
                        new SubjectAltNameOptions { Type = "URI", Value = "spiffe://example.org/orders" },
                        new SubjectAltNameOptions { Type = "DNS", Value = "orders.example." },
                        new SubjectAltNameOptions { Type = "IP", Value = "2001:DB8::1" },
                    ],
                    TrustSystemCA = true,
                    DangerousAllowPlainHttp = true,
                    Pins = new PinsOptions { SpkiSha256 = [one, other] },
                };
            });
    }

    [Fact]
    public Task AnEncryptedKey()
    {
        var key = Pki.Client.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1_000));
        var crt = Pki.Client.ChainPem();
        return AssertSameAsync(
            $"""
            certificate:
              key: |
            {key.Indented(4)}
              crt: |
            {crt.Indented(4)}
            extensions: {"{"} keyPassphrase: {Passphrase} {"}"}
            """,
            new { certificate = new { key, crt }, extensions = new { keyPassphrase = Passphrase } },
            options =>
            {
                options.Certificate = new CertificateOptions { Key = key, Crt = crt };
                options.Extensions = new OutboundTlsExtensionOptions { KeyPassphrase = Passphrase };
            });
    }

    [Fact]
    public Task APkcs12File()
    {
        var bytes = Pki.Client.Export(X509ContentType.Pkcs12, Passphrase);
        return AssertSameAsync(
            $$"""extensions: { pkcs12: "file:client.p12", keyPassphrase: {{Passphrase}} }""",
            new { extensions = new { pkcs12 = "file:client.p12", keyPassphrase = Passphrase } },
            options => options.Extensions = new OutboundTlsExtensionOptions { Pkcs12 = "file:client.p12", KeyPassphrase = Passphrase },
            folder => WriteSecret(Path.Combine(folder, "client.p12"), bytes));
    }

    private static async Task AssertSameAsync(string yaml, object configuration, Action<OutboundTlsOptions> code, Action<string>? prepare = null)
    {
        await using var host = new PolicyHost();
        prepare?.Invoke(host.Builder.Environment.ContentRootPath);
        host.Write("file.yaml", PolicyYaml.Binding("file", yaml));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("file.yaml").AddPolicy("code", code).AddConfiguration(Registered.Orders(configuration)));

        await host.StartAsync();

        var contexts = host.Services.GetRequiredService<IOutboundTlsContextProvider>();
        var (file, section, written) = (contexts.GetContext("file").Policy, contexts.GetContext("orders").Policy, contexts.GetContext("code").Policy);
        Assert.Equal(file, section);
        Assert.Equal(file, written);
        Assert.Equal(file.GetHashCode(), section.GetHashCode());
        Assert.Equal(yaml == "{}", file.Equals(OutboundTlsPolicy.Default));
    }

    private static string Pin(X509Certificate2 certificate) => Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private static void WriteSecret(string path, byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
