using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace FlexTls.Status;

/// <summary>Status and health can be written down whole, and nothing in them is a secret.</summary>
public class SecretTests
{
    private const string Passphrase = "correct horse battery staple";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task StatusAndHealth_AsJson_HoldNoKeyNoPassphraseNoPem()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        using var key = Pki.Client.GetECDsaPrivateKey()!;
        var encrypted = key.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1_000));
        await using var host = WatchedHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", options =>
            {
                (options.TrustedCA, options.Certificate) = (Pki.Foreign.Pem, new CertificateOptions { Key = encrypted, Crt = Pki.Client.ChainPem(Pki.Intermediate.Certificate) });
                options.Extensions = new OutboundTlsExtensionOptions { KeyPassphrase = Passphrase };
            }));
            services.AddHttpClient("orders").AddOutboundTls();
            services.AddHealthChecks().AddOutboundTls();
        });
        await Assert.ThrowsAsync<HttpRequestException>(() => host.GetAsync(server));
        var failed = JsonSerializer.Serialize(host.Status, Plain);
        host.Degrade();

        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Deadline.Token());
        var text = failed + JsonSerializer.Serialize(host.Status, Plain) + JsonSerializer.Serialize(health, Plain);

        Assert.Contains(Pki.Client.Subject, text, StringComparison.Ordinal);
        Assert.Contains("\"State\":\"Degraded\"", text, StringComparison.Ordinal);
        Assert.Contains("FTLS5", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Passphrase, text, StringComparison.Ordinal);
        Assert.DoesNotContain("-----", text, StringComparison.Ordinal);
        var certificates = new[] { Pki.Client, Pki.Intermediate.Certificate, Pki.Foreign.Certificate, Pki.EcServer }.Select(certificate => certificate.ExportCertificatePem());
        foreach (var line in certificates.Append(encrypted).Append(Pki.Client.KeyPem()).SelectMany(pem => pem.Split('\n')).Where(line => line.Length > 20))
        {
            Assert.DoesNotContain(line, text, StringComparison.Ordinal);
        }
    }
}
