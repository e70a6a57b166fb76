using System.Net.Security;
using System.Security.Authentication;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>
/// The branch for platforms where a connection cannot choose its cipher suites, as on Windows: what is negotiated is
/// checked instead. It runs here against real servers that choose a suite outside the policy.
/// </summary>
public class PlatformBranchTests
{
    private static readonly PlatformCapabilities WithoutChoice = new(selectsCipherSuites: false, Enum.GetValues<TlsVersion>().ToDictionary(
        version => version,
        version => (IReadOnlySet<TlsCipherSuite>)CipherSuiteCatalog.All.Where(suite => suite.Versions.Contains(version)).Select(suite => suite.Suite).ToHashSet()));

    [Fact]
    public void TheContext_SaysThatItCannotChoose()
    {
        var context = Context(Pki.Trusting());

        Assert.Null(context.CipherSuitesPolicy);
        Assert.Null(context.CreateClientOptions(Pki.Host).CipherSuitesPolicy);
        Assert.Equal(["W:FTLS4006"], context.Effective.Limitations.Codes());
    }

    [Fact]
    public async Task ASuiteOutsideThePolicy_IsRefusedBeforeAnyApplicationByte()
    {
        var context = Context(OnlyAes128());
        await using var server = StartWithAes256();

        var refused = await Assert.ThrowsAsync<TlsHandshakeException>(async () => await context.ConnectAsync(server.EndPoint(), Deadline.Token()));

        Assert.Equal("FTLS6004", refused.Code);
        Assert.Contains("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", refused.Message, StringComparison.Ordinal);
        Assert.True((await server.NextAsync(Deadline.Token())).ClosedUnused);
    }

    [Fact]
    public async Task ASuiteOutsideThePolicy_IsRefusedInAStreamOfTheCallersToo()
    {
        var context = Context(OnlyAes128());
        await using var server = StartWithAes256();
        await using var stream = new SslStream(await Loopback.ConnectAsync(server.Port, Deadline.Token()));

        var refused = await ForeignHandshake.RefusalOfAsync(
            () => stream.AuthenticateAsClientAsync(context.CreateClientOptions(Pki.Host), Deadline.Token()));

        Assert.Equal("FTLS6004", refused.Code);
        await Assert.ThrowsAnyAsync<Exception>(async () => await stream.WriteAsync("secret"u8.ToArray(), Deadline.Token()));
    }

    [Fact]
    public async Task ASuiteOfThePolicy_IsAccepted()
    {
        var context = Context(Pki.Trusting());
        await using var server = StartWithAes256();

        await using var stream = await context.ConnectAsync(server.EndPoint(), Deadline.Token());
        await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());

        Assert.Equal(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, (await server.NextAsync(Deadline.Token())).CipherSuite);
    }

    [Fact]
    public void Tls11_IsNeverOfferedWithALoweredSecurityLevelAndNoListOfSuites()
    {
        var options = new OutboundTlsOptions { MinVersion = TlsVersion.Tls11, Ciphers = Typed.Suites("TLS_RSA_WITH_AES_128_CBC_SHA") };
        var context = Context(options);

        // Without a list, the lowered level would offer suites without encryption or authentication.
        Assert.Equal(EncryptionPolicy.RequireEncryption, context.CreateClientOptions(Pki.Host).EncryptionPolicy);
    }

    private static OutboundTlsContext Context(OutboundTlsOptions options) => new TlsContextFactory(null, null, WithoutChoice).Create(OutboundTlsPolicy.Create(options));

    private static OutboundTlsOptions OnlyAes128()
    {
        var options = Pki.Trusting();
        (options.MaxVersion, options.Ciphers) = (TlsVersion.Tls12, Typed.Suites("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
        return options;
    }

    private static LoopbackServer StartWithAes256() => LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer)
    {
        Versions = SslProtocols.Tls12,
        CipherSuites = [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384],
    });
}
