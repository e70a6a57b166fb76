using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>A handshake that fails for another reason than the certificate says which, with a code and a hint.</summary>
public class HandshakeFailureTests
{
    private const string Gcm = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    private const string Cbc = "TLS_RSA_WITH_AES_128_CBC_SHA";

    [Theory]
    [InlineData("1.2", "-tls1_3", "FTLS6170", "raise maxversion")]
    [InlineData("1.3", "-tls1_2", "FTLS6170", "lower minversion")]
    public async Task OtherVersions_GiveTheAlertProtocolVersion(string policy, string server, string code, string hint)
    {
        var options = Pki.Trusting();
        options.MinVersion = options.MaxVersion = Typed.Version(policy);

        var failed = await FailAsync(options, server);

        Assert.Equal(code, failed.Code);
        Assert.Contains(hint, failed.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoCommonCipherSuite_GivesTheAlertHandshakeFailure()
    {
        var options = Pki.Trusting();
        options.MaxVersion = TlsVersion.Tls12;
        options.Ciphers = Typed.Suites("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

        var failed = await FailAsync(options, "-tls1_2");

        Assert.Equal("FTLS6140", failed.Code);
        Assert.Equal(
            "the server has none of the cipher suites that ciphers offers for TLS 1.2 "
            + "(TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256; for a certificate with an RSA key), "
            + "or no signature algorithm or group in common with the policy, "
            + "or it requires a client certificate and the policy has none",
            failed.Hint);
    }

    [Theory]
    [InlineData("1.2", "1.2", new string[0], "the server has no cipher suite, signature algorithm or group in common")]
    [InlineData("1.3", "1.3", new[] { Gcm }, "the server has no cipher suite, signature algorithm or group in common")]
    [InlineData("1.2", "1.3", new[] { Gcm }, $"for TLS 1.2 ({Gcm}; for a certificate with an EC key)")]
    [InlineData("1.1", "1.2", new[] { Cbc, Gcm }, $"for TLS 1.1 to 1.2 ({Cbc}, {Gcm})")]
    [InlineData("1.2", "1.2", new[] { Cbc, Gcm, "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384" },
        $"for TLS 1.2 ({Cbc}, {Gcm}, TLS_RSA_WITH_AES_128_GCM_SHA256 and 1 more)")]
    public void TheHintOfHandshakeFailure_NamesTheSuitesThatWereChosen(
        string min, string max, string[] ciphers, string hint)
    {
        var options = Pki.Trusting();
        (options.MinVersion, options.MaxVersion, options.Ciphers) =
            (Typed.Version(min), Typed.Version(max), Typed.Suites(ciphers));

        foreach (var alert in new[] { 40, 71 })
        {
            var none = PresentedIdentity.None("none", TimeProvider.System);
            var told = TlsAlert.Hint(alert, null, Pki.Context(options).Effective, none);

            Assert.Contains(hint, told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AServerThatDoesNotTrustOurCA_GivesTheAlertUnknownCA()
    {
        var options = Pki.MutualTls();
        options.MaxVersion = TlsVersion.Tls12;

        var failed = await FailAsync(options, Pki.Foreign.Pem, "-Verify", "3");

        Assert.Equal("FTLS6148", failed.Code);
        Assert.Contains("CN=client", failed.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoCommonApplicationProtocol_IsRefusedAndNamesTheList()
    {
        var options = Pki.Trusting();
        options.Alpn = ["mqtt"];
        var context = Pki.Context(options);
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { Alpn = [SslApplicationProtocol.Http2] });

        var failed = await Assert.ThrowsAsync<TlsHandshakeException>(async () => await context.ConnectAsync(server.EndPoint(), Deadline.Token()));

        Assert.Equal("FTLS6220", failed.Code);
        Assert.Contains("mqtt", failed.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("h2")]
    [InlineData("mqtt")]
    public async Task AServerWithoutAlpn_UnderAPolicyWithoutHttp11_IsRefused(string protocol)
    {
        var options = Pki.Trusting();
        options.Alpn = [protocol];
        var context = Pki.Context(options);
        await using var server = LoopbackServer.Start(Pki.EcServer);

        var failed = await Assert.ThrowsAsync<TlsHandshakeException>(async () => await context.ConnectAsync(server.EndPoint(), Deadline.Token()));

        Assert.Equal("FTLS6005", failed.Code);
        Assert.True((await server.NextAsync(Deadline.Token())).ClosedUnused);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "FTLS6002")]
    [InlineData("", "FTLS6001")]
    public async Task AnAnswerThatIsNoTls_OrNone_IsToldAsSuch(string answer, string code)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AnswerAsync(listener, answer);
        var context = Pki.Context(Pki.Trusting());

        var failed = await Assert.ThrowsAsync<TlsHandshakeException>(
            async () => await context.ConnectAsync(new DnsEndPoint("localhost", ((IPEndPoint)listener.LocalEndpoint).Port), Deadline.Token()));

        Assert.Equal(code, failed.Code);
        await serving;
    }

    [Fact]
    public async Task ASilentServer_IsLeftWhenTheTokenIsCanceled()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var context = Pki.Context(Pki.Trusting());
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token());
        var connecting = context.ConnectAsync(new DnsEndPoint("localhost", ((IPEndPoint)listener.LocalEndpoint).Port), cancel.Token).AsTask();
        using var accepted = await listener.AcceptTcpClientAsync(Deadline.Token());
        await accepted.GetStream().ReadExactlyAsync(new byte[5], Deadline.Token());

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        await AssertClosedAsync(accepted);
    }

    [Fact]
    public async Task NobodyListening_IsASocketException()
    {
        using var unused = new TcpListener(IPAddress.Loopback, 0);
        unused.Start();
        var port = ((IPEndPoint)unused.LocalEndpoint).Port;
        unused.Stop();
        var context = Pki.Context(Pki.Trusting());

        await Assert.ThrowsAsync<SocketException>(async () => await context.ConnectAsync(new DnsEndPoint("localhost", port), Deadline.Token()));
    }

    [Fact]
    public async Task AProtocolOutsideThePolicy_IsAnArgumentError_AndTheTransportIsClosed()
    {
        var context = Pki.Context(Pki.Trusting());
        await using var transport = new FirstFlightStream();

        var fault = await Assert.ThrowsAsync<ArgumentException>(async () =>
            await context.AuthenticateAsClientAsync(transport, Pki.Host, [new SslApplicationProtocol("mqtt")], Deadline.Token()));

        Assert.Equal("applicationProtocols", fault.ParamName);
        Assert.True(transport.IsDisposed);
        Assert.Empty(transport.Sent);
    }

    [Fact]
    public async Task ASubsetOfTheProtocols_IsWhatIsOffered()
    {
        var context = Pki.Context(Pki.Trusting());
        await using var transport = new FirstFlightStream();

        await Assert.ThrowsAsync<TlsHandshakeException>(async () =>
            await context.AuthenticateAsClientAsync(transport, Pki.Host, [SslApplicationProtocol.Http11], Deadline.Token()));

        Assert.Equal(["http/1.1"], ClientHello.Decode(transport.Sent).Alpn);
    }

    [Fact]
    public async Task AClientThatReadsFirst_IsToldOfALateRefusal()
    {
        ExternalTool.RequireOpenSsl();
        var context = Pki.Context(new OutboundTlsOptions { TrustedCA = Pki.Root.Pem }, "orders");
        await using var server = await OpenSslServer.StartAsync(
            Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), Pki.Root.Pem, ["-tls1_3", "-Verify", "3"],
            Deadline.Token());
        await using var stream = await context.ConnectAsync(new("localhost", server.Port), Deadline.Token());

        var failure = await Assert.ThrowsAsync<IOException>(
            async () => await stream.ReadExactlyAsync(new byte[1], Deadline.Token()));

        Assert.Equal("FTLS6216", Assert.IsType<TlsHandshakeException>(failure.InnerException).Code);
    }

    private static Task<TlsHandshakeException> FailAsync(OutboundTlsOptions options, string argument) => FailAsync(options, null, argument);

    private static async Task<TlsHandshakeException> FailAsync(OutboundTlsOptions options, string? clientCA, params string[] arguments)
    {
        ExternalTool.RequireOpenSsl();
        var context = Pki.Context(options, "orders");
        await using var server = await OpenSslServer.StartAsync(Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), clientCA, arguments, Deadline.Token());
        return await Assert.ThrowsAsync<TlsHandshakeException>(async () => await context.ConnectAsync(new("localhost", server.Port), Deadline.Token()));
    }

    private static async Task AnswerAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync(Deadline.Token());
        await client.GetStream().ReadAtLeastAsync(new byte[64], 1, cancellationToken: Deadline.Token());
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer), Deadline.Token());
    }

    private static async Task AssertClosedAsync(TcpClient connection)
    {
        var rest = new MemoryStream();
        try
        {
            await connection.GetStream().CopyToAsync(rest, Deadline.Token());
        }
        catch (IOException)
        {
            // Reset instead of closed: gone all the same.
        }
    }
}
