using System.Net;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>
/// A proxy that refuses a tunnel and keeps the connection: nobody waits for it, and it keeps no old tunnel.
/// </summary>
public class RefusedTunnelTests
{
    [Fact]
    public async Task IdleTunnels_AreClosedAfterTheGrace_AndNothingIsWarnedOf()
    {
        await using var proxy = RecordingProxy.Start(
            refuses: destination => destination.StartsWith("down", StringComparison.Ordinal));
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = Through(proxy);
        await rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await Assert.ThrowsAsync<HttpRequestException>(
            () => rotation.Client.GetStringAsync("https://down.example/", Deadline.Token()));

        rotation.Swap(Identities.Policy(2));
        rotation.PassGrace();

        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
        rotation.PassDeadline();
        Assert.Empty(rotation.Log.Warnings);
    }

    [Fact]
    public async Task AProxyThatIsAskedAgain_IsWaitedFor()
    {
        var isDown = true;
        var gate = new Gate();
        await using var proxy = RecordingProxy.Start(refuses: _ =>
        {
            if (isDown)
            {
                return true;
            }

            gate.PassAsync().GetAwaiter().GetResult();
            return false;
        });
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = Through(proxy);
        await Assert.ThrowsAsync<HttpRequestException>(
            () => rotation.Client.GetStringAsync(server.Address, Deadline.Token()));
        isDown = false;

        await AssertAnsweredAsync(rotation, server, gate);

        Assert.Equal(1, proxy.Connections);
    }

    [Fact]
    public async Task ARefusedTunnel_WaitsAgain_WhenTheProxyIsAskedAgain()
    {
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var tunnels = new OpenTunnels(rotation.Upstream, rotation.Upstream.Current);
        var tunnel = Connection(tunnels);
        Assert.True(tunnels.TryAdd(tunnel));
        Assert.True(tunnels.HadWaiting());
        Assert.False(tunnels.HadWaiting());

        tunnel.ServerAnswer.Await();
        Assert.True(tunnels.HadWaiting());
        tunnel.ServerAnswer.Came();
        Assert.True(tunnels.HadWaiting());
        Assert.False(tunnels.HadWaiting());

        tunnel.ServerAnswer.Await();
        tunnel.ServerAnswer.Await();
        Assert.True(tunnels.HadWaiting());
        tunnel.Closed();
        Assert.True(tunnels.HadWaiting());
        Assert.False(tunnels.HadWaiting());

        tunnel.ServerAnswer.Await();
        Assert.False(tunnels.HadWaiting());
    }

    [Fact]
    public async Task AProxyThatWantsCredentials_IsWaitedFor_WhileTheyAreLookedUp()
    {
        var gate = new Gate();
        await using var proxy = RecordingProxy.Start(asks: true);
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = Through(proxy, new SlowCredentials(gate));

        await AssertAnsweredAsync(rotation, server, gate);

        Assert.Equal(1, proxy.Connections);
    }

    [Fact]
    public async Task AConnectionThatWantsCredentials_AndGetsNone_IsWaitedForOnlyAWhile()
    {
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var tunnels = new OpenTunnels(rotation.Upstream, rotation.Upstream.Current);
        var tunnel = Connection(tunnels);
        Assert.True(tunnels.TryAdd(tunnel));

        tunnel.ProxyAsked();
        tunnel.ProxyRefused(wantsCredentials: true);
        Assert.All(Enumerable.Range(0, 5), _ => Assert.True(tunnels.HadWaiting()));
        Assert.False(tunnels.HadWaiting());

        tunnel.ProxyAsked();
        Assert.All(Enumerable.Range(0, 9), _ => Assert.True(tunnels.HadWaiting()));
        tunnel.ProxyRefused(wantsCredentials: false);
        Assert.True(tunnels.HadWaiting());
        Assert.False(tunnels.HadWaiting());
    }

    [Fact]
    public async Task ARedirectTarget_IsNoConnectionOfTheUpstream()
    {
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var tunnels = new OpenTunnels(rotation.Upstream, rotation.Upstream.Current);
        var (own, other) = (Connection(tunnels), Connection(tunnels, isRedirectTarget: true));

        other.Begin();
        own.Begin();

        Assert.Equal((0L, 1L), (other.Number, own.Number));
    }

    [Theory]
    [InlineData(true, "HTTP/1.1 503 Busy\r\n")]
    [InlineData(true, "HTTP/1.0 ", "4", "04 Not here")]
    [InlineData(true, "HTTP/1.1 204 No")]
    [InlineData(true, "HTTP/1.1 407 Who are you")]
    [InlineData(false, "HTTP/1.1 200 OK")]
    [InlineData(false, "HTTP/1.1 100 Continue")]
    [InlineData(false, "HTTP/1.1 ")]
    [InlineData(false, "\u0005\u0000 not HTTP at all")]
    [InlineData(false)]
    public void AStatusOtherThan200_IsARefusal_InHoweverManyPieces(bool isRefusal, params string[] pieces)
    {
        var answer = new ProxyAnswer();

        Assert.Equal(isRefusal, pieces.Any(piece => answer.Refuses(System.Text.Encoding.Latin1.GetBytes(piece))));

        answer.Asked();
        Assert.False(answer.Refuses("HTTP/1.1 200 OK"u8));
        Assert.True(answer.IsOpened);
    }

    private static OpenTunnels.Connection Connection(OpenTunnels tunnels, bool isRedirectTarget = false) =>
        new(new Authority("localhost", 443), isRedirectTarget, tunnels);

    /// <summary>A request that waits at a gate survives a swap.</summary>
    private static async Task AssertAnsweredAsync(RotatingUpstream rotation, HttpUpstream server, Gate gate)
    {
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await gate.ArrivalAsync();
        rotation.Swap(Identities.Policy(2));
        rotation.PassGrace();
        rotation.PassGrace();
        gate.Open();
        await answer;
    }

    private static RotatingUpstream Through(
        RecordingProxy proxy, ICredentials? credentials = null) => RotatingUpstream.Under(
        Identities.Policy(1), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler
            {
                Proxy = new WebProxy(proxy.Address) { Credentials = credentials },

                // Whoever follows redirects sends a request again that was lost.
                AllowAutoRedirect = false,

                // Only the swap closes a connection.
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            }));

    private sealed class SlowCredentials(Gate gate) : ICredentials
    {
        public NetworkCredential? GetCredential(Uri uri, string authType)
        {
            gate.PassAsync().GetAwaiter().GetResult();
            return new NetworkCredential("user", "password");
        }
    }
}
