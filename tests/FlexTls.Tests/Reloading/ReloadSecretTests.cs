using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Reloading;

/// <summary>Files with secrets that are broken in any way are told of without what is in them.</summary>
public class ReloadSecretTests
{
    private const string Passphrase = "correct horse battery staple";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task LogAndStatus_HoldNoKeyAndNoPassphrase_HoweverTheFilesAreBroken()
    {
        using var identity = RotatingHost.Identity("secret");
        using var key = identity.GetECDsaPrivateKey()!;
        var (plain, encrypted) = (identity.KeyPem(), key.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1_000)));
        await using var host = await RotatingHost.StartAsync(configure: tls => tls.ReloadOnChange = false);

        string[] keys = [plain, plain[..^40], plain.Replace("-----BEGIN PRIVATE KEY-----", "", StringComparison.Ordinal), plain.Replace("\n", "", StringComparison.Ordinal), encrypted, encrypted[..^40], Passphrase];
        var told = "";
        foreach (var text in keys)
        {
            host.Write("orders.key", text);
            host.Write("policies/orders.yaml", RotatingHost.BindingOf("orders", $"extensions: {{ keyPassphrase: '{Passphrase}' }}"));
            told += await ReloadAsync(host);
            host.Write("policies/orders.yaml", RotatingHost.BindingOf("orders", $"extensions:\n  keyPassphrase: '{Passphrase}\n{text}"));
            told += await ReloadAsync(host);
            host.Write("policies/orders.yaml", PolicyYaml.Binding("orders", $"certificate:\n  crt: file:../orders.crt\n  key: |\n{text.Indented(2)}"));
            told += await ReloadAsync(host);
        }

        told += string.Join('\n', host.Log.Lines.Select(line => line.Text));
        Assert.Equal(1, host.Orders.Generation);
        Assert.Contains("FTLS3008", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Passphrase, told, StringComparison.Ordinal);
        foreach (var line in (plain + "\n" + encrypted).Split('\n').Where(line => line.Length > 30 && !line.StartsWith('-')))
        {
            Assert.DoesNotContain(line[..20], told, StringComparison.Ordinal);
        }
    }

    private static async Task<string> ReloadAsync(RotatingHost host)
    {
        var found = await host.Manager.ReloadAsync(Deadline.Token());
        return string.Join('\n', found) + JsonSerializer.Serialize(host.Manager.GetStatus(), Plain);
    }
}
