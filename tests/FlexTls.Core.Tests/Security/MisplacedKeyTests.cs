using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FlexTls.Corpus;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Security;

/// <summary>A key that stands where it does not belong is not quoted; what only looks like one is.</summary>
public class MisplacedKeyTests
{
    private static readonly string KeyPem = Pki.Client.KeyPem();
    private static readonly string RsaPem = RSA.Create(2048).ExportPkcs8PrivateKeyPem();

    [Theory]
    [InlineData("certificate:\n  key: file:client.key\n", 4)]
    [InlineData("certificate:\n  key: |\n    file:client.key\n", 4)]
    [InlineData("certificate:\n  key: /etc/tls/client.key\n", 4)]
    [InlineData("certificate:\n  crt: file:client.crt\n", 4)]
    [InlineData("extensions:\n  pkcs12: file:client.p12\n", 4)]
    [InlineData("extensions:\n  drainTimeout: 30s\n", 4)]
    [InlineData("extensions:\n  serverName: orders.example\n", 4)]
    [InlineData("maxversion: 1.3\n", 2)]
    [InlineData("skipValidation: false\n", 2)]
    [InlineData("alpn:\n- h2\n", 2)]
    [InlineData("ciphers:\n- TLS_AES_128_GCM_SHA256\n", 2)]
    public void AKeyThatIsLeftBelowAnotherValue_IsNotQuoted(string config, int indent)
    {
        var sec1 = Pki.Client.GetECDsaPrivateKey()!.ExportECPrivateKeyPem();
        foreach (var pem in new[] { KeyPem, sec1, RsaPem })
        {
            var lines = pem.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var below in new[] { lines, lines[1..] })
            {
                var text = Under("config:\n", 2) + Under(config, 4)
                    + string.Concat(below.Select(line => new string(' ', indent + 4) + line + "\n"));
                var policy = CorpusCase.Load("valid-empty-config").Text
                    .Replace("  config: {}\n", text, StringComparison.Ordinal);
                TlsPolicyFile.TryParse(policy, null, out var set);

                Assert.NotEmpty(set.Diagnostics);
                Assert.All(set.Diagnostics, found => Assert.DoesNotContain(
                    lines[1..^1], line => found.Message.Contains(line[..10], StringComparison.Ordinal)));
            }
        }

        static string Under(string block, int blanks) => string.Concat(
            block.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => new string(' ', blanks) + line + "\n"));
    }

    [Theory]
    [InlineData("-")]
    [InlineData("_")]
    [InlineData(".")]
    [InlineData("/")]
    [InlineData("key=")]
    public void AKeyRightBehindOtherCharacters_IsNotQuoted(string before)
    {
        var key = string.Concat(KeyPem.Split('\n')[1..^1]);

        Assert.DoesNotContain(key[..10], Text.Quote(before + key), StringComparison.Ordinal);
    }

    [Fact]
    public void ThePolicyItself_WhereItsNameIsMeant_IsNotQuoted()
    {
        var policy = "apiVersion: gateway.mulesoft.com/v1alpha1\nkind: PolicyBinding\nspec:\n"
            + "  keyPassphrase: Zq9Secret\n  key: |\n" + string.Concat(KeyPem.Split('\n').Select(line => $"    {line}\n"));

        var produced = new StringBuilder();
        foreach (var text in new[] { policy, policy.Replace("\n", "\r\n", StringComparison.Ordinal), KeyPem })
        {
            produced.Append(Assert.ThrowsAny<Exception>(() => TlsPolicyFile.Load(text)));
            produced.Append(Assert.ThrowsAny<Exception>(() => TlsPolicyFile.Parse("orders.yaml", text)));
            TlsPolicyFile.TryParse("orders.yaml", text, out var set);
            produced.AppendJoin('\n', set.Diagnostics)
                .AppendJoin('\n', set.Diagnostics.Select(found => found.FileName));
        }

        Assert.DoesNotContain("Zq9Secret", produced.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            KeyPem.Split('\n')[1..^2], line => produced.ToString().Contains(line[..10], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/srv/Applications/Orders2/config/policies/production/upstreams/orders/ca.pem")]
    [InlineData("srv/Applications/Orders2/config/policies/production/upstreams/orders/ca.pem")]
    [InlineData("policies/2026-11/TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256_and_more_of_the_same/ca.pem")]
    public void ALongPath_IsQuoted(string path) => Assert.Equal($"'{path}'", Text.Quote(path));
}
