using System.Net.Security;
using System.Security.Authentication;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Handshakes;

/// <summary>It is known of a handshake whether its server asked for a client certificate; where it cannot be known, it may have.</summary>
public class CertificateRequestWatchTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, false)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task Watch_KnowsWhetherTheServerAsked(SslProtocols version, bool asks)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is not known.");

        Assert.Equal(asks, await MayHaveAskedAsync(Pki.Trusting(), version, asks));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_OfAHandshakeWithACertificate_DoesNotKnow(bool asks)
    {
        Assert.True(await MayHaveAskedAsync(Pki.MutualTls(), SslProtocols.Tls13, asks));
    }

    private static async Task<bool> MayHaveAskedAsync(OutboundTlsOptions policy, SslProtocols version, bool asks)
    {
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { Versions = version, AsksForClientCertificate = asks });
        var context = Pki.Context(policy);
        var options = context.CreateClientOptions("localhost");
        var watch = CertificateRequestWatch.Over(options);

        await using var stream = new SslStream(await TcpConnector.ConnectAsync(new System.Net.DnsEndPoint("localhost", server.Port), Deadline.Token()));
        await stream.AuthenticateAsClientAsync(options, Deadline.Token());

        Assert.Equal(version, stream.SslProtocol);
        return watch.MayHaveAsked;
    }
}
