using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>
/// A long response over HTTP/2 is kept alive with pings after its generation was replaced too: something on the way may
/// cut connections that are silent, and a server that is gone must be noticed.
/// </summary>
public class KeepAlivePingTests
{
    private readonly Channel<int> _writes = Channel.CreateUnbounded<int>();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AConnectionOfAReplacedGeneration_SendsPings_UntilItIsClosed(bool throughProxy)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with
            {
                Respond = async context =>
                {
                    await context.Response.WriteAsync("first ", Deadline.Token());
                    await context.Response.Body.FlushAsync(Deadline.Token());
                    await end.Task.WaitAsync(Deadline.Token());
                    await context.Response.WriteAsync("last", Deadline.Token());
                },
            },
            Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, "h2"), client => client
            .ConfigureHttpClient(client => client.DefaultRequestVersion = HttpVersion.Version20)
            .ConfigurePrimaryHttpMessageHandler(() => Handler(
                throughProxy ? new WebProxy(proxy.Address) : null, TimeSpan.FromSeconds(1))));
        using var response = await rotation.Client.GetAsync(
            server.Address, HttpCompletionOption.ResponseHeadersRead, Deadline.Token());

        rotation.Swap(Identities.Policy(2, "h2"));
        for (var second = 0; second < 5; second++)
        {
            rotation.PassGrace();
        }

        while (_writes.Reader.TryRead(out _))
        {
            // Sent before.
        }

        for (var ping = 0; ping < 3; ping++)
        {
            await _writes.Reader.ReadAsync(Deadline.Token());
        }

        end.SetResult();
        Assert.Equal("first last", await response.Content.ReadAsStringAsync(Deadline.Token()));
        Assert.Equal((0, 1), rotation.Counts);

        // The pool closes it when it has been idle for as long as the user allows.
        await server.EndOfAllAsync(Deadline.Token());
        rotation.PassGrace();
        rotation.PassGrace();
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Fact]
    public async Task AnIdleConnectionOfAReplacedGeneration_IsClosedBeforeTheDeadline_WithoutAWarning()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = Rotating();
        await rotation.Client.GetStringAsync(server.Address, Deadline.Token());

        rotation.Swap(Identities.Policy(2, "h2"));
        rotation.Clock.Advance(TimeSpan.FromSeconds(28));
        Assert.Equal((0, 1), rotation.Counts);
        rotation.PassGrace();
        await server.EndOfAllAsync(Deadline.Token());
        rotation.PassGrace();

        Assert.Equal((0, 0), rotation.Counts);
        Assert.Empty(rotation.Log.Warnings);
    }

    [Fact]
    public async Task AHandlerThatIsDisposed_ClosesItsIdleConnectionsOfReplacedGenerations()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = Rotating();
        var handler = new OutboundTlsHandler(rotation.Upstream.Context, Handler(proxy: null, Timeout.InfiniteTimeSpan));
        using var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20 };
        await client.GetStringAsync(server.Address, Deadline.Token());
        rotation.Swap(Identities.Policy(2, "h2"));
        rotation.PassGrace();

        handler.Dispose();
        rotation.PassGrace();

        await server.EndOfAllAsync(Deadline.Token());
    }

    private RotatingUpstream Rotating() => RotatingUpstream.Under(Identities.Policy(1, "h2"), client => client
        .ConfigureHttpClient(client => client.DefaultRequestVersion = HttpVersion.Version20)
        .ConfigurePrimaryHttpMessageHandler(() => Handler(proxy: null, Timeout.InfiniteTimeSpan)));

    private SocketsHttpHandler Handler(IWebProxy? proxy, TimeSpan idleTimeout) => new()
    {
        Proxy = proxy,
        KeepAlivePingDelay = TimeSpan.FromSeconds(1),
        PooledConnectionIdleTimeout = idleTimeout,
        ConnectCallback = async (connection, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, connection.DnsEndPoint.Port), ct);
            return new CountingStream(socket, _writes.Writer);
        },
    };

    private sealed class CountingStream(Socket socket, ChannelWriter<int> writes)
        : NetworkStream(socket, ownsSocket: true)
    {
        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            writes.TryWrite(buffer.Length);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
