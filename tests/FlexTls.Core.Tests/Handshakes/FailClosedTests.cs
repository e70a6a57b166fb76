#pragma warning disable CA5359 // Callbacks that accept everything are what these tests defend against.
using System.Net.Security;
using System.Security.Authentication;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>What happens when somebody, or the platform, leaves our validator out.</summary>
public class FailClosedTests
{
    [Fact]
    public async Task AStreamWhoseValidatorIsNeverCalled_IsClosed()
    {
        var context = Pki.Context(Pki.Trusting(), "orders");
        await using var server = LoopbackServer.Start(Pki.EcServer);

        var failed = await FailureAsync(context, server, options =>
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true);

        Assert.Equal("FTLS6003", failed.Code);
        Assert.True((await server.NextAsync(Deadline.Token())).ClosedUnused);
    }

    [Fact]
    public async Task AStreamThatWasRefusedAndIsHandedOutAllTheSame_IsClosed()
    {
        var context = Pki.Context(Pki.Trusting(Pki.Foreign));
        await using var server = LoopbackServer.Start(Pki.EcServer);

        var failed = await FailureAsync(context, server, options =>
        {
            var ours = options.RemoteCertificateValidationCallback!;
            options.RemoteCertificateValidationCallback =
                (sender, certificate, chain, errors) => ours(sender, certificate, chain, errors) || true;
        });

        Assert.Equal("FTLS5003", failed.Code);
        Assert.True((await server.NextAsync(Deadline.Token())).ClosedUnused);
    }

    [Fact]
    public async Task SkipValidation_WithAStreamThatSkipsTheCallback_IsClosedToo()
    {
        var context = Pki.Context(new OutboundTlsOptions { DangerousSkipValidation = true });
        await using var server = LoopbackServer.Start(Pki.EcServer);

        var failed = await FailureAsync(context, server, options =>
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true);

        Assert.Equal("FTLS6003", failed.Code);
    }

    [Fact]
    public async Task OptionsWhoseCallbackIsRemoved_StillRefuseAForeignCA()
    {
        await AssertRefused(Pki.Trusting(Pki.Foreign), options => options.RemoteCertificateValidationCallback = null);
    }

    [Fact]
    public async Task OptionsWhoseCallbackAsksThePlatform_StillRefuseAForeignCA()
    {
        await AssertRefused(Pki.Trusting(Pki.Foreign), options => options.RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None);
    }

    [Fact]
    public async Task OptionsUnderSystemTrustWhoseCallbackIsRemoved_StillRefuseAPrivateCA()
    {
        await AssertRefused(new OutboundTlsOptions(), options => options.RemoteCertificateValidationCallback = null);
    }

    [Fact]
    public async Task OptionsOfAPolicyThatSkipsValidation_WhoseCallbackIsRemoved_ValidateAgainstTheSystem()
    {
        await AssertRefused(new OutboundTlsOptions { DangerousSkipValidation = true }, options => options.RemoteCertificateValidationCallback = null);
    }

    [Fact]
    public async Task OptionsWhoseCallbackIsRemoved_StillAcceptTheRightServer()
    {
        var context = Pki.Context(Pki.Trusting());
        await using var server = LoopbackServer.Start(Pki.EcServer);
        await using var stream = new SslStream(await Loopback.ConnectAsync(server.Port, Deadline.Token()));
        var options = context.CreateClientOptions(Pki.Host);
        options.RemoteCertificateValidationCallback = null;

        await stream.AuthenticateAsClientAsync(options, Deadline.Token());

        Assert.True(stream.IsAuthenticated);
    }

    [Fact]
    public void OptionsThatServeManyHandshakesAtOnce_NeverMixTheirVerdicts()
    {
        var context = Pki.Context(Pki.Trusting());
        var verify = context.CreateClientOptions(Pki.Host).RemoteCertificateValidationCallback!;
        var wrongName = Pki.Root.IssueServer("billing.example");
        using var stream = new SslStream(new MemoryStream());

        // A refusal throws its own reason; an acceptance goes on to the cipher suite, which this stream does not have.
        Parallel.For(0, 4_000, i =>
        {
            var isGood = i % 2 == 0;
            var thrown = Record.Exception(() => verify(stream, isGood ? Pki.EcServer : wrongName, null, SslPolicyErrors.None));
            Assert.Equal(isGood, thrown is InvalidOperationException);
            Assert.Equal(isGood ? null : "FTLS5021", (thrown as TlsHandshakeException)?.Code);
        });
    }

    [Fact]
    public async Task End_WhileHandshakesAreUnderWay_LetsThemFinish()
    {
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { RequiresClientCertificate = true });
        var policy = OutboundTlsPolicy.Create(Pki.MutualTls());
        for (var i = 0; i < 20; i++)
        {
            var context = new TlsContextFactory().Create(policy);
            var options = context.CreateClientOptions("localhost");
            var connecting = Enumerable.Range(0, 4).Select(_ => context.ConnectAsync(server.EndPoint(), Deadline.Token()).AsTask()).ToList();
            context.End();

            // Those that had begun finish, the others are refused; nothing else comes out.
            foreach (var attempt in connecting)
            {
                var thrown = await Record.ExceptionAsync(async () => await (await attempt).DisposeAsync());
                Assert.True(thrown is null or ObjectDisposedException, thrown?.ToString());
            }

            await using var stream = new SslStream(await Loopback.ConnectAsync(server.Port, Deadline.Token()));
            await stream.AuthenticateAsClientAsync(options, Deadline.Token());
        }
    }

    [Fact]
    public void CreateClientOptions_GivesNobodyASharedChainPolicy()
    {
        var context = Pki.Context(Pki.Trusting());
        var spoiled = context.CreateClientOptions(Pki.Host);
        spoiled.CertificateChainPolicy!.CustomTrustStore.Add(Pki.Foreign.Certificate);
        spoiled.ApplicationProtocols!.Clear();

        var fresh = context.CreateClientOptions(Pki.Host);

        Assert.Equal([Pki.Root.Certificate], fresh.CertificateChainPolicy!.CustomTrustStore);
        Assert.Equal([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], fresh.ApplicationProtocols);
    }

    [Fact]
    public async Task ASessionMadeWithoutValidation_NeverServesAStrictContext()
    {
        var lax = new OutboundTlsOptions { DangerousSkipValidation = true };
        var strict = Pki.Trusting(Pki.Foreign);
        var laxContext = Pki.Context(lax);
        var strictContext = Pki.Context(strict);
        await using var server = LoopbackServer.Start(Pki.EcServer);
        for (var i = 0; i < 3; i++)
        {
            await using var stream = await laxContext.ConnectAsync(server.EndPoint(), Deadline.Token());
            await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());
            await stream.ReadExactlyAsync(new byte[4], Deadline.Token());

            await Assert.ThrowsAsync<TlsHandshakeException>(async () => await strictContext.ConnectAsync(server.EndPoint(), Deadline.Token()));
        }
    }

    private static async Task AssertRefused(OutboundTlsOptions policy, Action<SslClientAuthenticationOptions> change)
    {
        var context = Pki.Context(policy);
        await using var server = LoopbackServer.Start(Pki.EcServer);
        await using var stream = new SslStream(await Loopback.ConnectAsync(server.Port, Deadline.Token()));
        var options = context.CreateClientOptions(Pki.Host);
        change(options);

        await Assert.ThrowsAsync<AuthenticationException>(() => stream.AuthenticateAsClientAsync(options, Deadline.Token()));
    }

    /// <summary>What a handshake throws whose options somebody has changed on the way to the platform.</summary>
    private static async Task<TlsHandshakeException> FailureAsync(
        OutboundTlsContext context, LoopbackServer server, Action<SslClientAuthenticationOptions> change)
    {
        var generation = context.Generation;
        var upstream = generation.Upstream;
        var verification = new HandshakeVerification(upstream.Validator, upstream.NameFor("localhost"));
        var handshake = new Handshake(
            generation.Effective, choosesCipherSuites: true, generation.Failures, (stream, options, token) =>
            {
                change(options);
                return stream.AuthenticateAsClientAsync(options, token);
            });
        var transport = await Loopback.ConnectAsync(server.Port, Deadline.Token());
        return await Assert.ThrowsAsync<TlsHandshakeException>(async () => await handshake.RunAsync(
            transport, upstream.OwnOptions(OfferKind.Whole, generation.Alpn, verification), verification,
            Deadline.Token()));
    }
}
