using System.Net;
using System.Net.Security;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>Whether an upstream behind a proxy is failing is a matter of its newest connection, as without one.</summary>
public class FailingTunnelTests
{
    [Fact]
    public async Task AHandshake_IsNoSuccess_BeforeTheServerHasAnswered()
    {
        var gates = Enumerable.Range(0, 2).Select(_ => new Gate()).ToArray();
        await using var proxy = RecordingProxy.Start();
        await using var server = new SecureServer((_, number) => gates[number - 1].PassAsync())
        {
            Protocol = SslApplicationProtocol.Http2,
        };
        await using var rotation = Through(proxy, "h2");
        var first = rotation.Client.GetAsync(server.Address, Deadline.Token());
        await gates[0].ArrivalAsync();
        gates[0].Open();
        await Assert.ThrowsAsync<HttpRequestException>(() => first);
        await Deadline.UntilAsync(() => Status(rotation).IsFailing);

        var second = rotation.Client.GetAsync(server.Address, Deadline.Token());
        await gates[1].ArrivalAsync();
        await Deadline.UntilAsync(() => Handshakes(rotation) == 2);

        Assert.True(Status(rotation).IsFailing);
        gates[1].Open();
        await Assert.ThrowsAsync<HttpRequestException>(() => second);
        Assert.True(Status(rotation).IsFailing);
    }

    [Fact]
    public async Task AnAnswerOnASpareConnection_SaysNothingOfANewerOne()
    {
        var gate = new Gate();
        await using var proxy = RecordingProxy.Start();
        await using var stranger = await HttpUpstream.StartAsync(
            Loopbacks.Asking(Loopbacks.ForeignCertificate), Deadline.Token());
        await using var server = new SecureServer(SecureServer.AnswerAllAsync)
        {
            BeforeTls = async (_, number) =>
            {
                if (number == 1)
                {
                    await gate.PassAsync();
                }

                return true;
            },
        };
        await using var rotation = Through(proxy, "http/1.1");
        var first = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await gate.ArrivalAsync();

        // The second connection answers both requests; the first is a spare, and has a handshake all the same.
        await rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await first;
        rotation.Clock.Advance(TimeSpan.FromMinutes(1));
        var then = rotation.Clock.GetUtcNow();
        gate.Open();
        await Deadline.UntilAsync(() => Handshakes(rotation) == 2);
        Assert.Equal(2, Status(rotation).OpenConnections);

        rotation.Clock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<HttpRequestException>(
            () => rotation.Client.GetStringAsync(stranger.Address, Deadline.Token()));
        await Task.WhenAll(Enumerable.Range(0, 2).Select(
            _ => rotation.Client.GetStringAsync(server.Address, Deadline.Token())));

        Assert.True(Status(rotation).IsFailing);
        Assert.Equal(then, Status(rotation).LastHandshake!.At);
        Assert.Equal(2, Handshakes(rotation));

        await using var other = new SecureServer(SecureServer.AnswerAllAsync);
        await rotation.Client.GetStringAsync(other.Address, Deadline.Token());
        Assert.False(Status(rotation).IsFailing);
    }

    private static int Handshakes(RotatingUpstream rotation) =>
        Status(rotation).LastHour.Sum(minute => minute.Handshakes);

    private static UpstreamTlsStatus Status(RotatingUpstream rotation) =>
        rotation.Host.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single();

    private static RotatingUpstream Through(RecordingProxy proxy, string alpn) =>
        RotatingUpstream.Under(Identities.Policy(1, alpn), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }));
}
