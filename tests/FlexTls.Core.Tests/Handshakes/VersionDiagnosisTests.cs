using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>A server of other versions: the advice is what would do, and never what no policy can have.</summary>
public class VersionDiagnosisTests
{
    private const string NotSupported = "TLS 1.0, which is not supported; update the server";
    private const string Suites = "minversion 1.1 needs suites for TLS 1.1 in ciphers";

    [Theory]
    [InlineData(TlsVersion.Tls13, TlsVersion.Tls13,
        "TLS 1.3: lower minversion; a server that has only TLS 1.0 is not supported")]
    [InlineData(TlsVersion.Tls12, TlsVersion.Tls13,
        $"TLS 1.2 to 1.3: lower minversion ({Suites}); a server that has only TLS 1.0 is not supported")]
    [InlineData(TlsVersion.Tls12, TlsVersion.Tls12,
        $"TLS 1.2: raise maxversion or lower minversion ({Suites}); a server that has only TLS 1.0 is not supported")]
    [InlineData(TlsVersion.Tls11, TlsVersion.Tls13, $"TLS 1.1 to 1.3: it may have only {NotSupported}")]
    [InlineData(TlsVersion.Tls11, TlsVersion.Tls12,
        "TLS 1.1 to 1.2: raise maxversion; a server that has only TLS 1.0 is not supported")]
    [InlineData(TlsVersion.Tls11, TlsVersion.Tls11,
        "TLS 1.1: raise maxversion; a server that has only TLS 1.0 is not supported")]
    public void WhereOnlyTheRefusalIsKnown_TheAdviceIsWhatTheRangeLeaves(TlsVersion min, TlsVersion max, string advice) =>
        Assert.Equal($"the server does not speak {advice}", VersionAdvice.ForRefusal(new TlsVersionRange(min, max)));

    /// <summary>What old servers answer, which do not know that newer ones ask for a version in an extension.</summary>
    [Theory]
    [InlineData("1.2", "0300", NotSupported)]
    [InlineData("1.2", "0301", NotSupported)]
    [InlineData("1.1", "0301", NotSupported)]
    [InlineData("1.2", "0302", $"nothing newer than TLS 1.1: lower minversion ({Suites}), or update the server")]
    [InlineData("1.3", "0303", "nothing newer than TLS 1.2: lower minversion")]
    public async Task AServerHelloOfAnOlderVersion_IsToldByItsVersion(string minVersion, string version, string hint)
    {
        var failed = await FailAsync(From(minVersion), ServerHello(version, "C02B"));

        Assert.Equal("FTLS6007", failed.Code);
        Assert.EndsWith(hint, failed.Hint, StringComparison.Ordinal);
        Assert.EndsWith($"Probably {failed.Hint}.", failed.Message, StringComparison.Ordinal);
    }

    /// <summary>Our suites are of TLS 1.2, so a server that has chosen an older version finds none.</summary>
    [Theory]
    [InlineData("0301", NotSupported)]
    [InlineData("0302", $"nothing newer than TLS 1.1: lower minversion ({Suites}), or update the server")]
    [InlineData("0303", "cipher suite, signature algorithm or group in common with the policy, or it requires a client certificate and the policy has none")]
    public async Task AnAlertOfAnOlderVersion_IsNotTakenForOneAboutSuites(string version, string hint)
    {
        var failed = await FailAsync(From("1.2"), Convert.FromHexString($"15{version}00020228"));

        Assert.Equal("FTLS6140", failed.Code);
        Assert.EndsWith(hint, failed.Hint, StringComparison.Ordinal);
    }

    /// <summary>Some servers write any version into an alert that comes before a version is chosen.</summary>
    [Fact]
    public async Task TheVersionOfAnAlertAboutVersions_SaysNothing()
    {
        var failed = await FailAsync(From("1.3"), Convert.FromHexString("15030100020246"));

        Assert.Equal("FTLS6170", failed.Code);
        Assert.Contains("lower minversion", failed.Hint, StringComparison.Ordinal);
    }

    /// <summary>By OpenSSL's default security level, nothing that TLS 1.1 signs with is left.</summary>
    [Fact]
    public async Task AnInternalErrorUnderTls11Alone_IsToldAsTls11ThatIsSwitchedOff()
    {
        ExternalTool.RequireOpenSsl();
        var options = From("1.1");
        (options.MaxVersion, options.Ciphers) = (TlsVersion.Tls11, Typed.Suites("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"));
        await using var server = await OpenSslServer.StartAsync(
            Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), null, [], Deadline.Token());

        var failed = await Assert.ThrowsAsync<TlsHandshakeException>(
            async () => await Pki.Context(options).ConnectAsync(new("localhost", server.Port), Deadline.Token()));

        Assert.Equal(
            ("FTLS6180",
                "the server has TLS 1.1 switched off (by the security level of its TLS library): raise maxversion"),
            (failed.Code, failed.Hint));
    }

    [Theory]
    [InlineData("-tls1", "1.2", "1.2", "FTLS6140", NotSupported)]
    [InlineData("-tls1", "1.1", "1.3", "FTLS6170", NotSupported)]
    [InlineData("-tls1_1", "1.2", "1.2", "FTLS6140", $"nothing newer than TLS 1.1: lower minversion ({Suites}), or update the server")]
    [InlineData("-tls1_1", "1.2", "1.3", "FTLS6170",
        $"lower minversion ({Suites}); a server that has only TLS 1.0 is not supported")]
    public async Task AnOldServer_IsToldAsSuch(string server, string minVersion, string maxVersion, string code, string hint)
    {
        ExternalTool.RequireOpenSsl();
        var options = From(minVersion);
        options.MaxVersion = Typed.Version(maxVersion);
        options.Ciphers = minVersion == "1.1" ? Typed.Suites("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA") : null;
        await using var old = await OpenSslServer.StartAsync(
            Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), null, [server, "-cipher", "ALL:@SECLEVEL=0"], Deadline.Token());

        var failed = await Assert.ThrowsAsync<TlsHandshakeException>(
            async () => await Pki.Context(options).ConnectAsync(new("localhost", old.Port), Deadline.Token()));

        Assert.Equal(code, failed.Code);
        Assert.EndsWith(hint, failed.Hint, StringComparison.Ordinal);
    }

    /// <summary>Suites of TLS 1.3 alone leave out TLS 1.2, whatever minversion says.</summary>
    [Theory]
    [InlineData("1.2", "15030300020246", "FTLS6170",
        "the server does not speak TLS 1.3: only TLS 1.3 was offered because ciphers has no suite for TLS 1.2: add "
        + "one, or leave ciphers out; a server that has only TLS 1.0 is not supported")]
    [InlineData("1.1", "15030300020246", "FTLS6170",
        "the server does not speak TLS 1.3: only TLS 1.3 was offered because ciphers has no suite for TLS 1.2: add "
        + "one, or leave ciphers out; a server that has only TLS 1.0 is not supported")]
    [InlineData("1.3", "15030300020246", "FTLS6170",
        "the server does not speak TLS 1.3: lower minversion; a server that has only TLS 1.0 is not supported")]
    [InlineData("1.2", null, "FTLS6007", "the server speaks nothing newer than TLS 1.2: only TLS 1.3 was offered because ciphers has no suite for TLS 1.2: add one, or leave ciphers out")]
    public async Task AVersionWithoutSuites_IsNamedAsTheCause(
        string minVersion, string? alert, string code, string hint)
    {
        var options = From("1.3");
        (options.MinVersion, options.Ciphers) = (Typed.Version(minVersion), Typed.Suites("TLS_AES_128_GCM_SHA256"));

        var failed = await FailAsync(
            options, alert is null ? ServerHello("0303", "C02B") : Convert.FromHexString(alert));

        Assert.Equal((code, hint), (failed.Code, failed.Hint));
    }

    [Fact]
    public async Task ATls12ServerThatSuitesOfTls13Exclude_IsReachedByTheAdvice()
    {
        await using var server = LoopbackServer.Start(
            new LoopbackServerOptions(Pki.EcServer) { Versions = System.Security.Authentication.SslProtocols.Tls12 });
        var options = Pki.Trusting();
        options.Ciphers = Typed.Suites("TLS_AES_128_GCM_SHA256");
        var failed = await Assert.ThrowsAsync<TlsHandshakeException>(
            async () => await Pki.Context(options).ConnectAsync(server.EndPoint(), Deadline.Token()));
        Assert.Contains("ciphers has no suite for TLS 1.2", failed.Hint, StringComparison.Ordinal);

        options.Ciphers = null;
        await using var stream = await Pki.Context(options).ConnectAsync(server.EndPoint(), Deadline.Token());
        Assert.Equal(System.Security.Authentication.SslProtocols.Tls12, stream.SslProtocol);
    }

    [Fact]
    public async Task AServerWithoutSecureRenegotiation_IsToldWithTheWayOfOpenSsl()
    {
        var failed = await FailAsync(From("1.2"), ServerHello("0303", "C02B"));

        Assert.Equal("FTLS6023", failed.Code);
        Assert.Contains("does not support secure renegotiation (RFC 5746)", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Options = UnsafeLegacyServerConnect in an openssl.cnf", failed.Hint, StringComparison.Ordinal);
    }

    private static OutboundTlsOptions From(string minVersion)
    {
        var options = Pki.Trusting();
        options.MinVersion = Typed.Version(minVersion);
        options.Ciphers = minVersion == "1.1" ? Typed.Suites("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA") : null;
        return options;
    }

    /// <summary>A ServerHello without any extension.</summary>
    private static byte[] ServerHello(string version, string suite)
    {
        var hello = $"{version}{new string('7', 64)}00{suite}00";
        var length = (hello.Length / 2).ToString("X2", CultureInfo.InvariantCulture);
        var recordLength = ((hello.Length / 2) + 4).ToString("X4", CultureInfo.InvariantCulture);
        return Convert.FromHexString($"16{version}{recordLength}020000{length}{hello}");
    }

    /// <summary>The answer comes in single bytes, as a network may deliver it.</summary>
    private static async Task<TlsHandshakeException> FailAsync(OutboundTlsOptions options, byte[] answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = AnswerAsync();
        var failed = await Assert.ThrowsAsync<TlsHandshakeException>(async () => await Pki.Context(options).ConnectAsync(
            new DnsEndPoint("localhost", ((IPEndPoint)listener.LocalEndpoint).Port), Deadline.Token()));
        await serving;
        return failed;

        async Task AnswerAsync()
        {
            using var client = await listener.AcceptTcpClientAsync(Deadline.Token());
            client.NoDelay = true;
            await client.GetStream().ReadAtLeastAsync(new byte[64], 1, cancellationToken: Deadline.Token());
            foreach (var part in answer.Chunk(1))
            {
                await client.GetStream().WriteAsync(part, Deadline.Token());
            }

            // The client is done with it when it ends the connection, by an alert or without.
            try
            {
                await client.GetStream().CopyToAsync(Stream.Null, Deadline.Token());
            }
            catch (IOException)
            {
                // Reset: the ClientHello was not read to its end.
            }
        }
    }
}
