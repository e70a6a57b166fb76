using System.Diagnostics;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Certificates;

/// <summary>Keys and PKCS#12 files as openssl writes them: opened, or refused for the reason that is in them.</summary>
public sealed class KeyFilesOfOpenSslTests : IDisposable
{
    private const string Passphrase = "hunter2-sesame";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    public KeyFilesOfOpenSslTests()
    {
        ExternalTool.RequireOpenSsl();
        OpenSsl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out crt.pem -subj "
            + "/CN=client -days 30 -addext extendedKeyUsage=clientAuth");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("-v2 aes-128-cbc")]
    [InlineData("-v2 aes-192-cbc")]
    [InlineData("-v2 aes-256-cbc -v2prf hmacWithSHA1")]
    [InlineData("-v2 aes-256-cbc -v2prf hmacWithSHA512 -iter 100000")]
    [InlineData("-v2 des-ede3-cbc")]
    [InlineData("-v1 PBE-SHA1-3DES")]
    public void AnEncryptedKey_IsOpened_AndAnotherPassphraseToldAsWrong(string encryption)
    {
        OpenSsl($"pkcs8 -topk8 -in key.pem -out encrypted.pem -passout pass:{Passphrase} {encryption}");

        Assert.True(Findings.Accepted(WithKey("encrypted.pem", Passphrase)).HasClientCertificate);
        Assert.Contains("the passphrase is wrong", Refused(WithKey("encrypted.pem", "other"), "FTLS3020"),
            StringComparison.Ordinal);
        Assert.Contains("line break, which counts",
            Refused(WithKey("encrypted.pem", Passphrase + "\n"), "FTLS3020"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-scrypt", "scrypt")]
    [InlineData("-v2 aria-256-cbc", "ARIA")]
    [InlineData("-v2 camellia-256-cbc", "Camellia")]
    [InlineData("-v2 aes-256-cfb", "CFB")]
    [InlineData("-v2 aes-256-cbc -v2prf hmacWithSHA224", "SHA-224")]
    [InlineData("-v1 PBE-SHA1-RC4-128 -provider legacy -provider default", "RC4")]
    public void AKeyUnderAnotherCipher_IsNotToldAsAWrongPassphrase(string encryption, string name)
    {
        OpenSsl($"pkcs8 -topk8 -in key.pem -out encrypted.pem -passout pass:{Passphrase} {encryption}");

        Assert.Contains(name, Refused(WithKey("encrypted.pem", Passphrase), "FTLS3025"), StringComparison.Ordinal);
        Assert.Contains(name, Refused(WithKey("encrypted.pem", "other"), "FTLS3025"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-algorithm ed25519", "Ed25519", "FTLS3040")]
    [InlineData("-algorithm ed448", "Ed448", "FTLS3040")]
    [InlineData("-algorithm rsa-pss", "RSASSA-PSS", "FTLS3040")]
    [InlineData("-algorithm x25519", "X25519", "FTLS3010")]
    [InlineData(
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", "-param_enc named_curve",
        "FTLS3010")]
    public void AKeyOfAnotherKind_IsNamed_AlsoWhereItIsEncrypted(string kind, string name, string code)
    {
        OpenSsl($"genpkey {kind} -out other.pem");
        OpenSsl($"pkcs8 -topk8 -in other.pem -out encrypted.pem -passout pass:{Passphrase}");

        Assert.Contains(name, Refused(WithKey("other.pem", null), code), StringComparison.Ordinal);
        Assert.Contains(name, Refused(WithKey("encrypted.pem", Passphrase), code), StringComparison.Ordinal);
        Assert.Contains("the passphrase is wrong", Refused(WithKey("encrypted.pem", "other"), "FTLS3020"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void OtherKeyFiles_AreToldWithTheirFix()
    {
        OpenSsl($"ec -in key.pem -aes128 -passout pass:{Passphrase} -out legacy.pem");
        OpenSsl("ecparam -name prime256v1 -genkey -param_enc explicit -out explicit.pem");
        OpenSsl("x509 -in crt.pem -trustout -addtrust clientAuth -out trusted.pem");

        Assert.Contains("openssl pkcs8 -topk8", Refused(WithKey("legacy.pem", Passphrase), "FTLS3017"),
            StringComparison.Ordinal);
        Assert.Contains("-param_enc named_curve", Refused(WithKey("explicit.pem", null), "FTLS3010"),
            StringComparison.Ordinal);
        Assert.Contains("openssl x509", Refused(new OutboundTlsOptions { TrustedCA = Reference("trusted.pem") },
            "FTLS3003"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-iter 100000")]
    [InlineData("-legacy")]
    [InlineData("-macalg sha512")]
    [InlineData("-keypbe aes-128-cbc -certpbe PBE-SHA1-3DES")]
    public void APkcs12File_IsOpened_AndAnotherPassphraseToldAsWrong(string options)
    {
        OpenSsl($"pkcs12 -export -inkey key.pem -in crt.pem -out client.p12 -passout pass:{Passphrase} {options}");

        Assert.True(Findings.Accepted(WithPkcs12("client.p12", Passphrase)).HasClientCertificate);
        Assert.Contains("the passphrase is wrong", Refused(WithPkcs12("client.p12", "other"), "FTLS3021"),
            StringComparison.Ordinal);
        Assert.Contains(" (file:", Refused(WithPkcs12("client.p12", "other"), "FTLS3021"), StringComparison.Ordinal);
        Assert.Contains("there is none", Refused(WithPkcs12("client.p12", null), "FTLS3021"), StringComparison.Ordinal);
    }

    [Fact]
    public void APkcs12FileThatHoldsItsCertificateTwice_IsOpened()
    {
        OpenSsl("pkcs12 -export -inkey key.pem -in crt.pem -certfile crt.pem -out client.p12 "
            + $"-passout pass:{Passphrase}");

        Assert.True(Findings.Accepted(WithPkcs12("client.p12", Passphrase)).HasClientCertificate);
    }

    [Theory]
    [InlineData("-iter 2000001", "FTLS3021", "2000000 iterations")]
    [InlineData("-macalg sha3-256", "FTLS3025", "SHA3-256")]
    [InlineData("-keypbe aria-256-cbc -certpbe aria-256-cbc", "FTLS3025", "ARIA")]
    [InlineData("-keypbe aria-256-cbc -certpbe NONE", "FTLS3025", "ARIA")]
    [InlineData("-nokeys", "FTLS3021", "1 certificate, 0 of them with a private key")]
    public void APkcs12FileThatCannotBeOpened_SaysWhy(string options, string code, string words)
    {
        OpenSsl($"pkcs12 -export -inkey key.pem -in crt.pem -out client.p12 -passout pass:{Passphrase} {options}");

        Assert.Contains(words, Refused(WithPkcs12("client.p12", Passphrase), code), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ed25519", "Ed25519", "FTLS3040")]
    [InlineData("ed448", "Ed448", "FTLS3040")]
    [InlineData("rsa-pss", "RSASSA-PSS 2048", "FTLS3040")]
    public void APkcs12File_WithAKeyOfAnotherKind_NamesIt(string kind, string name, string code)
    {
        OpenSsl($"req -x509 -newkey {kind} -nodes -keyout other.pem -out other.crt -subj /CN=client -days 30");
        OpenSsl("pkcs12 -export -inkey other.pem -in other.crt -certfile crt.pem -out client.p12 "
            + $"-passout pass:{Passphrase}");

        Assert.Contains($"with a key of kind {name}, with which .NET does not sign here",
            Refused(WithPkcs12("client.p12", Passphrase), code), StringComparison.Ordinal);
        Assert.Contains("the passphrase is wrong", Refused(WithPkcs12("client.p12", "other"), "FTLS3021"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoPkcs12_IsToldAsWhatItIs()
    {
        OpenSsl("x509 -in crt.pem -outform der -out crt.der");
        OpenSsl($"pkcs12 -export -inkey key.pem -in crt.pem -out client.p12 -passout pass:{Passphrase}");
        File.WriteAllBytes(PathOf("cut.p12"), File.ReadAllBytes(PathOf("client.p12"))[..^100]);

        Assert.Contains("PEM text", Refused(WithPkcs12("key.pem", Passphrase), "FTLS3021"), StringComparison.Ordinal);
        Assert.Contains("a certificate", Refused(WithPkcs12("crt.der", Passphrase), "FTLS3021"),
            StringComparison.Ordinal);
        Assert.Contains("cut off", Refused(WithPkcs12("cut.p12", Passphrase), "FTLS3021"), StringComparison.Ordinal);
        var options = new OutboundTlsOptions { Extensions = new OutboundTlsExtensionOptions { Pkcs12 = "client.p12" } };
        Assert.Contains("write 'file:' before it", Refused(options, "FTLS1031"), StringComparison.Ordinal);
    }

    private static string Refused(OutboundTlsOptions options, string code)
    {
        Assert.False(OutboundTlsPolicy.TryCreate(options, out _, out var diagnostics));
        var error = Assert.Single(diagnostics, found => found.Severity == TlsPolicyDiagnosticSeverity.Error);
        Assert.Equal((code, error.Message), (error.Code, error.Message));
        Assert.DoesNotContain(Passphrase, error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    private OutboundTlsOptions WithKey(string name, string? passphrase) => new()
    {
        Certificate = new CertificateOptions { Key = Reference(name), Crt = Reference("crt.pem") },
        Extensions = new OutboundTlsExtensionOptions { KeyPassphrase = passphrase },
    };

    private OutboundTlsOptions WithPkcs12(string name, string? passphrase) =>
        new() { Extensions = new OutboundTlsExtensionOptions { Pkcs12 = Reference(name), KeyPassphrase = passphrase } };

    private string Reference(string name) => $"file:{PathOf(name)}";

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void OpenSsl(string arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
