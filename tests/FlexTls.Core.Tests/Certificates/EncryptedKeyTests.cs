using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Certificates;

/// <summary>Who makes an encrypted key says how much work it is to open it.</summary>
public class EncryptedKeyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AKeyWithMoreIterationsThanAnybodyNeeds_IsRefusedBeforeTheyAreComputed(bool isPbes2)
    {
        var options = Options(PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", Encrypted(isPbes2, int.MaxValue)));

        var fault = Assert.Single(Assert.Throws<TlsPolicyException>(() => OutboundTlsPolicy.Create(options)).Diagnostics, diagnostic => diagnostic.Code == "FTLS3006");

        Assert.Contains("2147483647 iterations", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(600_000, null)]
    [InlineData(600_001, "at most 600000 are allowed")]
    public void ASchemeOfPkcs12_HasTheIterationsThatThePlatformAllows(int iterations, string? fault)
    {
        using var key = Pki.Client.GetECDsaPrivateKey()!;
        var parameters =
            new PbeParameters(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, iterations);
        var options = Options(key.ExportEncryptedPkcs8PrivateKeyPem("secret", parameters));

        OutboundTlsPolicy.TryCreate(options, out _, out var found);

        Assert.Equal(fault is null, found.Count == 0);
        Assert.All(found, finding => Assert.Contains(fault!, finding.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(PbeEncryptionAlgorithm.Aes256Cbc)]
    [InlineData(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12)]
    public void APassphraseThatIsNoText_IsWrong(PbeEncryptionAlgorithm algorithm)
    {
        using var key = Pki.Client.GetECDsaPrivateKey()!;
        var options =
            Options(
                key.ExportEncryptedPkcs8PrivateKeyPem(
                    "secret", new PbeParameters(algorithm, HashAlgorithmName.SHA1, 1)));
        options.Extensions!.KeyPassphrase = "\uD800";

        Findings.Refused(options, "E:FTLS3020");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(17)]
    public void AKeyWithAVectorOfAnotherLength_IsDamaged(int vector)
    {
        var options = Options(PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", Encrypted(isPbes2: true, 1, vector)));

        Findings.Refused(options, "E:FTLS3006");
    }

    [Theory]
    [InlineData(PbeEncryptionAlgorithm.Aes256Cbc, 600_000)]
    [InlineData(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, 2_048)]
    public void AKeyAsToolsWriteIt_IsOpened(PbeEncryptionAlgorithm algorithm, int iterations)
    {
        using var key = Pki.Client.GetECDsaPrivateKey()!;
        var hash = algorithm == PbeEncryptionAlgorithm.TripleDes3KeyPkcs12 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
        var options = Options(key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(algorithm, hash, iterations)));

        Assert.True(OutboundTlsPolicy.Create(options).HasClientCertificate);
    }

    private static OutboundTlsOptions Options(string key)
    {
        var options = Pki.MutualTls();
        options.Certificate!.Key = key;
        options.Extensions = new OutboundTlsExtensionOptions { KeyPassphrase = "secret" };
        return options;
    }

    private static byte[] Encrypted(bool isPbes2, int iterations, int vector = 16)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(isPbes2 ? "1.2.840.113549.1.5.13" : "1.2.840.113549.1.12.1.3");
                using (writer.PushSequence())
                {
                    if (isPbes2)
                    {
                        using (writer.PushSequence())
                        {
                            writer.WriteObjectIdentifier("1.2.840.113549.1.5.12");
                            using (writer.PushSequence())
                            {
                                writer.WriteOctetString(new byte[8]);
                                writer.WriteInteger(iterations);
                            }
                        }

                        using (writer.PushSequence())
                        {
                            writer.WriteObjectIdentifier("2.16.840.1.101.3.4.1.42");
                            writer.WriteOctetString(new byte[vector]);
                        }
                    }
                    else
                    {
                        writer.WriteOctetString(new byte[8]);
                        writer.WriteInteger(iterations);
                    }
                }
            }

            writer.WriteOctetString(new byte[128]);
        }

        return writer.Encode();
    }
}
