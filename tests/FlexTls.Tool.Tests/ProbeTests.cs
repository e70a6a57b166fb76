using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Tool;

/// <summary><c>flextls probe</c>: what it finds out, what it writes, and what it never does.</summary>
public sealed class ProbeTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("flextls-test-");

    [Fact]
    public async Task ThePolicy_HasTheBestOfTheServer_AndConnects()
    {
        using var certificate = ExampleFolder.CA.IssueServer("localhost");
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(certificate)
        {
            Versions = SslProtocols.Tls12,
            CipherSuites =
            [
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
            ],
            Alpn = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        });
        var (address, file) = ($"localhost:{server.Port}", Path.Combine(_temp.FullName, "new.yaml"));

        var run = await ToolRun.OfAsync("probe", address, "--trust", FingerprintOf(certificate), "--write", file);

        Assert.True(run.ExitCode == 0, run.Error);
        var yaml = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains("minversion: \"1.2\"\n", yaml, StringComparison.Ordinal);
        AssertHas(yaml, "ciphers:\n      - TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384\n    #");
        Assert.Contains("alpn: [h2, http/1.1]\n", yaml, StringComparison.Ordinal);
        AssertHas(yaml, "# Not good: weak cipher suites: TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA.\n");
        Assert.Equal(0, (await ToolRun.OfAsync("check", file, "--warnings-as-errors")).ExitCode);
        Assert.Equal(0, (await ToolRun.OfAsync("connect", address, "--policy", file)).ExitCode);
    }

    [Fact]
    public async Task NothingIsTrusted_WithoutTheRightFingerprint()
    {
        using var certificate = ExampleFolder.CA.IssueServer("localhost");
        await using var server = LoopbackServer.Start(certificate);
        var address = $"localhost:{server.Port}";

        var without = await ToolRun.OfAsync("probe", address);
        var wrong = await ToolRun.OfAsync("probe", address, "--trust", new string('A', 64));

        Assert.DoesNotContain("trustedCA:", without.Out, StringComparison.Ordinal);
        Assert.Equal((2, ""), (wrong.ExitCode, wrong.Out));
        Assert.Contains("do not trust it", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherNameInTheCertificate_IsAComment_UntilTheCertificateIsConfirmed()
    {
        using var certificate = ExampleFolder.CA.IssueServer("other.example");
        await using var server = LoopbackServer.Start(certificate);

        var run = await ToolRun.OfAsync("probe", $"localhost:{server.Port}");
        var confirmed = await ToolRun.OfAsync(
            "probe", $"localhost:{server.Port}", "--trust", FingerprintOf(certificate));

        AssertHas(confirmed.Out, "      subjectAltNames:\n        - type: DNS\n          value: \"other.example\"");
        Assert.Contains("The certificate is for other.example, not for localhost.", run.Out, StringComparison.Ordinal);
        Assert.Contains("    #extensions:\n", run.Out, StringComparison.Ordinal);
        AssertHas(run.Out, "      #subjectAltNames:\n        #- type: DNS\n          #value: \"other.example\"");
    }

    [Fact]
    public async Task AFileThatExists_IsNotOverwritten_AndNobodyIsAsked()
    {
        var file = Path.Combine(_temp.FullName, "old.yaml");
        await File.WriteAllTextAsync(file, "old", TestContext.Current.CancellationToken);

        var run = await ToolRun.OfAsync("probe", "localhost:1", "--write", file);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("exists; write to another file", run.Error, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TwoCertificates_TheOneOfThePolicysSuites_IsTrusted()
    {
        ExternalTool.RequireOpenSsl();
        using var ec = ExampleFolder.CA.IssueServer("localhost");
        using var rsa = ExampleFolder.CA.Issue(
            "CN=localhost", new CertificateRequestOptions { Key = KeyKind.Rsa2048, DnsNames = ["localhost"] });
        var second = Path.Combine(_temp.FullName, "rsa.pem");
        await File.WriteAllTextAsync(
            second, $"{rsa.ExportCertificatePem()}\n{rsa.KeyPem()}\n", TestContext.Current.CancellationToken);
        await using var server = await OpenSslServer.StartAsync(
            ec.ExportCertificatePem(), ec.KeyPem(), null,
            [
                "-tls1_2", "-serverpref", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256",
                "-dcert", second, "-dkey", second,
            ],
            TestContext.Current.CancellationToken);
        var (address, file) = ($"localhost:{server.Port}", Path.Combine(_temp.FullName, "new.yaml"));
        var fingerprint = (await ToolRun.OfAsync("probe", address)).Lines
            .Single(line => line.Contains("# SHA-256", StringComparison.Ordinal)).Split(' ')[^1];

        await ToolRun.OfAsync("probe", address, "--trust", fingerprint, "--write", file);

        Assert.Equal(FingerprintOf(ec), fingerprint);
        Assert.Equal(0, (await ToolRun.OfAsync("connect", address, "--policy", file)).ExitCode);
    }

    [Fact]
    public async Task ACertificateWithoutAnEnd_IsDescribed()
    {
        using var certificate = ExampleFolder.CA.Issue(
            "CN=for ever",
            new CertificateRequestOptions { DnsNames = ["localhost"], NotAfter = DateTimeOffset.MaxValue });
        await using var server = LoopbackServer.Start(certificate);

        var run = await ToolRun.OfAsync("connect", $"localhost:{server.Port}");

        Assert.Contains("9999-12-31", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--trust", "AA:BB", "64 hexadecimal digits")]
    [InlineData("--write", "missing/new.yaml", "there is no folder")]
    public async Task AnArgumentThatCannotWork_IsRefused_BeforeTheFirstConnection(
        string option, string value, string words)
    {
        var run = await ToolRun.OfAsync("probe", "localhost:1", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("connections", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(20)]
    public async Task AServerThatStopsAnswering_DoesNotSeemToSupportLess(int connections)
    {
        using var certificate = ExampleFolder.CA.IssueServer("localhost");
        await using var server = new ScriptedServer(certificate) { MostConnections = connections };

        var run = await ToolRun.OfAsync("probe", $"localhost:{server.Port}");

        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains("stopped answering", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil\n    skipValidation: true")]
    [InlineData("evil\u001b[2J\u202E")]
    public async Task TheTextsOfAServer_StayInComments(string name)
    {
        using var certificate = ExampleFolder.CA.Issue(
            $"CN=\"{name}\"", new CertificateRequestOptions { DnsNames = ["localhost"] });
        await using var server = LoopbackServer.Start(certificate);

        var run = await ToolRun.OfAsync("probe", $"localhost:{server.Port}");

        Assert.Equal(0, run.ExitCode);
        var policy = string.Join('\n', run.Lines.Where(line => !line.TrimStart().StartsWith('#')));
        Assert.DoesNotContain("evil", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("skipValidation", policy, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Out, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202E', run.Out);
    }

    /// <summary>A CA may have issued certificates to others: it alone confirms no name.</summary>
    [Fact]
    public async Task AConfirmedCA_DoesNotConfirmAnotherName_AndTheUserIsToldSo()
    {
        using var ca = ExampleFolder.CA.Intermediate("CN=Orders Servers");
        using var certificate = ca.IssueServer("other.example");
        await using var server = LoopbackServer.Start(
            new LoopbackServerOptions(certificate) { Intermediates = [ca.Certificate] });
        var (address, file) = ($"localhost:{server.Port}", Path.Combine(_temp.FullName, "new.yaml"));

        var run = await ToolRun.OfAsync(
            "probe", address, "--trust", FingerprintOf(ca.Certificate), "--write", file);

        Assert.Contains("not accepted yet", run.Out, StringComparison.Ordinal);
        Assert.Equal(1, (await ToolRun.OfAsync("connect", address, "--policy", file)).ExitCode);
    }

    [Fact]
    public async Task AHostThatThePlatformRejects_IsAFailedLook()
    {
        var look = await ServerLook.AtAsync(
            IPAddress.Loopback, new ServerAddress("www-.lab", 1, PlainProtocol.None, Url: null),
            Offers.Unvalidated(OutboundTlsPolicy.Default), TestContext.Current.CancellationToken);

        Assert.Contains("IDNA", look.Failure, StringComparison.Ordinal);
        Assert.False(look.AcceptsOffer);
    }

    public void Dispose() => _temp.Delete(recursive: true);

    private static string FingerprintOf(X509Certificate2 certificate) =>
        certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private static void AssertHas(string text, string part) => Assert.Contains(part, text, StringComparison.Ordinal);
}
