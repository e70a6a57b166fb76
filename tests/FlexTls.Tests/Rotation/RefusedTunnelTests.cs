using System.Net;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>A proxy that refuses a tunnel and keeps the connection: nobody waits for it, and it keeps no old tunnel.</summary>
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
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        rotation.PassGrace();
        rotation.PassGrace();
        gate.Open();

        await answer;
        Assert.Equal(1, proxy.Connections);
    }

    [Fact]
    public async Task ARefusedTunnel_WaitsAgain_WhenTheProxyIsAskedAgain()
    {
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var tunnels = new OpenTunnels(rotation.Upstream, rotation.Upstream.Current);
        var tunnel = new OpenTunnels.Connection(
            new Authority("localhost", 443), isRedirectTarget: false, tunnels);
        Assert.True(tunnels.TryAdd(tunnel));
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

    [Theory]
    [InlineData("HTTP/1.1 503 Busy\r\n", true)]
    [InlineData("HTTP/1.0 407 x", true)]
    [InlineData("HTTP/1.1 200 OK", false)]
    [InlineData("HTTP/1.1 100 Continue", false)]
    [InlineData("HTTP/1.1 ", false)]
    [InlineData("\u0005\u0000", false)]
    [InlineData("", false)]
    public void OnlyAStatusLineThatRefuses_IsARefusal(string answer, bool isRefusal) =>
        Assert.Equal(isRefusal, ProxyAnswer.IsRefusal(System.Text.Encoding.Latin1.GetBytes(answer)));

    private static RotatingUpstream Through(RecordingProxy proxy) => RotatingUpstream.Under(
        Identities.Policy(1), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler
            {
                Proxy = new WebProxy(proxy.Address),

                // Only the swap closes a connection.
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            }));
}
