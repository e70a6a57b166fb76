using System.Net.Security;
using System.Security.Authentication;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

public class ClientCertificateTests
{
    public static TheoryData<SslProtocols, bool> VersionsAndNeed => new()
    {
        { SslProtocols.Tls12, true }, { SslProtocols.Tls12, false }, { SslProtocols.Tls13, true }, { SslProtocols.Tls13, false },
    };

    [Theory]
    [MemberData(nameof(VersionsAndNeed))]
    public async Task SslStreamServer_GetsTheClientCertificateWithItsIntermediate(SslProtocols version, bool isRequired)
    {
        var context = Pki.Context(Pki.MutualTls());
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer)
        {
            Versions = version,
            AsksForClientCertificate = true,
            RequiresClientCertificate = isRequired,
        });

        await using var stream = await context.ConnectAsync(server.EndPoint(), Deadline.Token());
        await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());

        var seen = await server.NextAsync(Deadline.Token());
        Assert.Equal("CN=client", seen.ClientCertificate);
        Assert.Equal(["CN=FlexTls Test Intermediate"], seen.ClientIntermediates);
        Assert.Equal("CN=client", context.Effective.ClientCertificate?.Subject);
    }

    [Theory]
    [MemberData(nameof(VersionsAndNeed))]
    public async Task CreateClientOptions_PresentsTheClientCertificateToo(SslProtocols version, bool isRequired)
    {
        var context = Pki.Context(Pki.MutualTls());
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer)
        {
            Versions = version,
            AsksForClientCertificate = true,
            RequiresClientCertificate = isRequired,
        });
        await using var stream = new SslStream(await Loopback.ConnectAsync(server.Port, Deadline.Token()));

        await stream.AuthenticateAsClientAsync(context.CreateClientOptions("localhost"), Deadline.Token());
        await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());

        var seen = await server.NextAsync(Deadline.Token());
        Assert.Equal("CN=client", seen.ClientCertificate);
        Assert.Equal(["CN=FlexTls Test Intermediate"], seen.ClientIntermediates);
    }

    [Theory]
    [InlineData("-Verify", "1.2")]
    [InlineData("-verify", "1.2")]
    [InlineData("-Verify", "1.3")]
    [InlineData("-verify", "1.3")]
    public async Task OpenSslServer_VerifiesTheClientChainThroughTheIntermediate(string need, string version)
    {
        ExternalTool.RequireOpenSsl();
        var options = Pki.MutualTls();
        options.MinVersion = options.MaxVersion = Typed.Version(version);
        var context = Pki.Context(options);
        await using var server = await OpenSslServer.StartAsync(
            Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), Pki.Root.Pem, [need, "3"], Deadline.Token());

        await using var stream = await context.ConnectAsync(new("localhost", server.Port), Deadline.Token());

        var report = await server.NextAsync(Deadline.Token());
        Assert.Equal(version, report.Version);
        Assert.Equal("CN = client", report.ClientCertificate);
        Assert.Equal(["CN = FlexTls Test Root", "CN = FlexTls Test Intermediate", "CN = client"], report.ClientChain);
    }

    [Fact]
    public async Task AnOptionalRequest_WithoutAClientCertificate_IsAnsweredWithNone()
    {
        var context = Pki.Context(Pki.Trusting());
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { AsksForClientCertificate = true });

        await using var stream = await context.ConnectAsync(server.EndPoint(), Deadline.Token());
        await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());

        Assert.Null((await server.NextAsync(Deadline.Token())).ClientCertificate);
    }

    [Fact]
    public async Task SkipValidation_NeverPresentsTheClientCertificate()
    {
        var options = Pki.MutualTls();
        options.DangerousSkipValidation = true;
        var context = Pki.Context(options);
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { AsksForClientCertificate = true });

        await using var stream = await context.ConnectAsync(server.EndPoint(), Deadline.Token());
        await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());

        Assert.Null((await server.NextAsync(Deadline.Token())).ClientCertificate);
        Assert.Null(context.Effective.ClientCertificate);
    }

    [Theory]
    [InlineData(false, "the policy has none")]
    [InlineData(true, "the policy skips validation and so presents none")]
    public async Task ARequiredCertificateThatIsNotPresented_InTls12_IsNamedInTheHint(bool skipsValidation, string reason)
    {
        ExternalTool.RequireOpenSsl();
        var options = skipsValidation ? Pki.MutualTls() : Pki.Trusting();
        options.DangerousSkipValidation = skipsValidation;
        options.MaxVersion = TlsVersion.Tls12;
        var context = Pki.Context(options);
        await using var server = await OpenSslServer.StartAsync(
            Pki.EcServer.ExportCertificatePem(), Pki.EcServer.KeyPem(), Pki.Root.Pem, ["-Verify", "3"], Deadline.Token());

        var failed = await Assert.ThrowsAsync<TlsHandshakeException>(async () => await context.ConnectAsync(new("localhost", server.Port), Deadline.Token()));

        // TLS 1.2 has one alert for "no certificate" and "no common cipher suite": the hint names both.
        Assert.Equal("FTLS6140", failed.Code);
        Assert.Contains(reason, failed.Hint, StringComparison.Ordinal);
        Assert.Contains("cipher suite", failed.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientCertificateFromCode_IsPresented_AndThePolicyKeepsItsOwnHandle()
    {
        var options = Pki.Trusting();
        OutboundTlsPolicy policy;
        using (var certificate = Pki.Root.IssueClient("CN=from code"))
        {
            options.ClientCertificate = certificate;
            policy = OutboundTlsPolicy.Create(options);
        }

        var context = new TlsContextFactory().Create(policy);
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { RequiresClientCertificate = true });

        await using var stream = await context.ConnectAsync(server.EndPoint(), Deadline.Token());
        await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());

        Assert.Equal("CN=from code", (await server.NextAsync(Deadline.Token())).ClientCertificate);
    }

    [Fact]
    public async Task TwoContextsOfOnePolicy_EndIndependently()
    {
        var policy = OutboundTlsPolicy.Create(Pki.MutualTls());
        var first = new TlsContextFactory().Create(policy);
        var second = new TlsContextFactory().Create(policy);
        first.End();
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { RequiresClientCertificate = true });

        await using var stream = await second.ConnectAsync(server.EndPoint(), Deadline.Token());
        await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());

        Assert.Equal("CN=client", (await server.NextAsync(Deadline.Token())).ClientCertificate);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await first.ConnectAsync(server.EndPoint(), Deadline.Token()));
    }
}
