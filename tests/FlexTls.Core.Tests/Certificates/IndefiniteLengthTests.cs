using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Certificates;

/// <summary>A value that announces an end which never comes is a finding, like every other damage.</summary>
public class IndefiniteLengthTests
{
    [Theory]
    [InlineData("trustedCA", "FTLS3005")]
    [InlineData("crt", "FTLS3005")]
    [InlineData("key", "FTLS3006")]
    [InlineData("encrypted key", "FTLS3006")]
    public void AValueOfIndefiniteLength_WithoutItsEnd_IsAFinding(string damaged, string code)
    {
        var options = Pki.MutualTls();
        var certificate = options.Certificate!;
        switch (damaged)
        {
            case "trustedCA":
                options.TrustedCA = Damaged(options.TrustedCA!);
                break;
            case "crt":
                certificate.Crt = Damaged(certificate.Crt!);
                break;
            case "key":
                certificate.Key = Damaged(certificate.Key!);
                break;
            default:
                using (var key = Pki.Client.GetECDsaPrivateKey()!)
                {
                    var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1);
                    certificate.Key = Damaged(key.ExportEncryptedPkcs8PrivateKeyPem("secret", parameters));
                    options.Extensions = new OutboundTlsExtensionOptions { KeyPassphrase = "secret" };
                }

                break;
        }

        var found = Assert.Throws<TlsPolicyException>(() => OutboundTlsPolicy.Create(options)).Diagnostics;

        Assert.Contains(found, finding => finding.Code == code);
    }

    private static string Damaged(string pem)
    {
        var fields = PemEncoding.Find(pem);
        var data = Convert.FromBase64String(pem[fields.Base64Data]);
        data[1] = 0x80;
        return PemEncoding.WriteString(pem[fields.Label], data);
    }
}
