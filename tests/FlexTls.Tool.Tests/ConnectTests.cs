using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Tool;

/// <summary><c>flextls connect</c>: what the server saw, the verdict, and what is spoken before TLS begins.</summary>
public sealed class ConnectTests : IDisposable
{
    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("flextls-test-");
    private readonly X509Certificate2 _certificate = ExampleFolder.CA.IssueServer("localhost");

    [Fact]
    public async Task TheConnection_IsThatOfThePolicy()
    {
        await using var server = LoopbackServer.Start(_certificate);
        var policy = Write(
            "trustedCA: file:ca.pem\n    maxversion: '1.2'\n    ciphers: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]");

        var run = await ToolRun.OfAsync("connect", $"localhost:{server.Port}", "--policy", policy);

        Assert.Equal(0, run.ExitCode);
        var look = await server.NextAsync(TestContext.Current.CancellationToken);
        var connection = await server.NextAsync(TestContext.Current.CancellationToken);
        Assert.Equal((SslProtocols.Tls12, "localhost"), (connection.Version, connection.ServerName));
        Assert.Equal((look.Version, look.CipherSuite), (connection.Version, connection.CipherSuite));
        Assert.Contains("TLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("required", 1, "REFUSED FTLS6216")]
    [InlineData("asked for", 0, "ACCEPTED")]
    public async Task AServerThatWantsAClientCertificate_IsToldApartFromOneThatDoesNot(
        string wish, int exitCode, string verdict)
    {
        ExternalTool.RequireOpenSsl();
        await using var server = await OpenSslServer.StartAsync(
            _certificate.ExportCertificatePem(), _certificate.KeyPem(), ExampleFolder.CA.Pem,
            [wish == "required" ? "-Verify" : "-verify", "3"], TestContext.Current.CancellationToken);

        var run = await ToolRun.OfAsync(
            "connect", $"localhost:{server.Port}", "--policy", Write("trustedCA: file:ca.pem"));

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains("asked for", run.Out, StringComparison.Ordinal);
        Assert.Single(run.Lines, line => line.StartsWith(verdict, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "smtp", ">220-mail\r\n220 mail\r\n", "<EHLO localhost\r\n", ">250-mail\r\n250 STARTTLS\r\n", "<STARTTLS\r\n",
        ">220 go\r\n")]
    [InlineData("imap", ">* OK imap\r\n", "<a1 STARTTLS\r\n", ">* NOTE\r\na1 OK begin\r\n")]
    [InlineData("postgres", "<\0\0\0\u0008\u0004\u00D2\u0016\u002F", ">S")]
    public async Task AProtocolThatBeginsInPlainText_IsAskedForTls(string scheme, params string[] script)
    {
        await using var server = new ScriptedServer(_certificate, script);

        var run = await ToolRun.OfAsync(
            "connect", $"{scheme}://localhost:{server.Port}", "--policy", Write("trustedCA: file:ca.pem"));

        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        Assert.Single(run.Lines, line => line.StartsWith("time", StringComparison.Ordinal)
            && line.Contains("plain text", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "smtp", "the server refused STARTTLS: 454 no TLS now", ">220 mail\r\n", "<EHLO localhost\r\n", ">250 mail\r\n",
        "<STARTTLS\r\n", ">454 no TLS now\r\n")]
    [InlineData("imap", "a1 NO not here", ">* OK imap\r\n", "<a1 STARTTLS\r\n", ">a1 NO not here\r\n")]
    [InlineData("postgres", "the server refused SSLRequest", "<\0\0\0\u0008\u0004\u00D2\u0016\u002F", ">N")]
    [InlineData(
        "smtp", "the answer is not TLS", ">220 mail\r\n", "<EHLO localhost\r\n", ">250 mail\r\n", "<STARTTLS\r\n",
        ">220 go\r\n250 injected\r\n")]
    public async Task AServerThatDoesNotBeginTls_IsRefused(string scheme, string words, params string[] script)
    {
        await using var server = new ScriptedServer(_certificate, script);

        var run = await ToolRun.OfAsync("connect", $"{scheme}://localhost:{server.Port}");

        Assert.Equal(1, run.ExitCode);
        Assert.Single(run.Lines, line => line.StartsWith("REFUSED", StringComparison.Ordinal)
            && line.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("connect", "localhost:1")]
    [InlineData("connect", "localhost:1", "--all-addresses")]
    public async Task APortThatIsClosed_IsRefused(params string[] args) =>
        Assert.Equal(1, (await ToolRun.OfAsync(args)).ExitCode);

    [Theory]
    [InlineData("connect", "http://localhost")]
    [InlineData("connect", "local host")]
    [InlineData("connect", "localhost:99999")]
    [InlineData("connect", "host.invalid:443")]
    [InlineData("connect", "imap://localhost", "--http")]
    [InlineData("connect", "localhost", "--policy", "policies")]
    [InlineData("connect", "localhost", "--policy", "policies", "--service", "ordrs")]
    [InlineData("probe", "http://localhost")]
    [InlineData("probe", "localhost:1")]
    [InlineData("which", "https://", "policies")]
    [InlineData("explain", "ordrs", "policies")]
    public async Task WhatCannotBeTried_ReturnsTwo_AndSaysWhy(params string[] args)
    {
        var run = await ToolRun.OfAsync(args);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("flextls: ", run.Error.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnError_HasTheFixInItsText()
    {
        var run = await ToolRun.OfAsync("connect", "localhost", "--policy", "policies");

        Assert.Contains("--service and one of: billing, orders", run.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _temp.Delete(recursive: true);
    }

    private string Write(string config)
    {
        File.WriteAllText(Path.Combine(_temp.FullName, "ca.pem"), ExampleFolder.CA.Pem);
        var path = Path.Combine(_temp.FullName, "policy.yaml");
        File.WriteAllText(path, Bindings.Of(config));
        return path;
    }
}
