using System.Net;
using System.Security.Authentication;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>Of a handshake that the platform makes through a proxy, the status has what the tunnel carries.</summary>
public class TunnelHandshakeTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12, TlsVersion.Tls12, "h2", "h2")]
    [InlineData(SslProtocols.Tls13, TlsVersion.Tls13, "h2", "h2")]
    [InlineData(SslProtocols.Tls13, TlsVersion.Tls13, "http/1.1", null)]
    public async Task TheStatus_HasWhatWasNegotiated(
        SslProtocols protocol, TlsVersion version, string alpn, string? negotiated)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { Versions = protocol }, Deadline.Token());
        await using var clients = Through(proxy, options => options.Alpn = [alpn]);

        await GetAsync(clients, server.Address, alpn);
        await GetAsync(clients, server.Address, alpn);

        var status = Status(clients);
        var handshake = status.LastHandshake!;
        Assert.Equal(
            (version, negotiated, true), (handshake.Version, handshake.ApplicationProtocol, handshake.IsMutual));
        Assert.Equal(
            Assert.Single(server.Requests.Select(request => request.CipherSuite).Distinct()), handshake.CipherSuite);
        Assert.Equal(
            (version == TlsVersion.Tls13, false, null),
            (status.Settings.KeyExchangeGroups.Contains(handshake.KeyExchangeGroup), handshake.IsResumed,
                handshake.Duration));
        Assert.Equal((1, 0), (status.LastHour.Sum(one => one.Handshakes), status.LastHour.Sum(one => one.Failures)));
        Assert.Equal(["localhost"], status.Hosts);
    }

    [Fact]
    public async Task AServerThatDoesNotAsk_IsToldOnce()
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = Through(proxy);

        await GetAsync(clients, server.Address);
        await GetAsync(clients, server.Address);

        Assert.False(Status(clients).LastHandshake!.IsMutual);
        Assert.Single(
            clients.Log.Warnings,
            line => line.Contains("was not sent in the handshake", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARedirectTarget_IsNotTheUpstream()
    {
        await using var proxy = RecordingProxy.Start();
        await using var target = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { Versions = SslProtocols.Tls12 }, Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(
            Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        await using var clients = Through(proxy);

        await GetAsync(clients, front.Address);

        Assert.Single(target.Requests);
        Assert.Equal(TlsVersion.Tls13, Status(clients).LastHandshake!.Version);
    }

    private static UpstreamTlsStatus Status(ClientHost clients) =>
        clients.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single();

    private static async Task GetAsync(ClientHost clients, Uri address, string alpn = "h2")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Version = alpn == "h2" ? HttpVersion.Version20 : HttpVersion.Version11,
        };
        using var response = await clients["orders"].SendAsync(request, Deadline.Token());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static ClientHost Through(RecordingProxy proxy, Action<OutboundTlsOptions>? configure = null)
    {
        var options = Pki.MutualTls();
        configure?.Invoke(options);
        return ClientHost.Under(options, client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }));
    }
}
