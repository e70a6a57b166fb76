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
            .ConfigurePrimaryHttpMessageHandler(() => Handler(throughProxy ? new WebProxy(proxy.Address) : null)));
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

    private SocketsHttpHandler Handler(IWebProxy? proxy) => new()
    {
        Proxy = proxy,
        KeepAlivePingDelay = TimeSpan.FromSeconds(1),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1),
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
