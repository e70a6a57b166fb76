using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FlexTls.TestKit;

namespace FlexTls.Http;

/// <summary>A CONNECT proxy that keeps every byte that clients send to it, before and in the tunnel.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, bool> _refuses;
    private readonly bool _isDeadEnd;
    private readonly bool _asks;
    private readonly Task _accepting;
    private int _connections;

    private RecordingProxy(Func<string, bool> refuses, bool isDeadEnd, bool asks)
    {
        (_refuses, _isDeadEnd, _asks) = (refuses, isDeadEnd, asks);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The heads of the CONNECT requests, and in tunnels what came before the server's first answer.</summary>
    public ConcurrentQueue<(string Head, byte[] FirstFlight)> Seen { get; } = new();

    /// <summary>The destinations that were asked for, refused ones too.</summary>
    public IEnumerable<string> Destinations => Seen.Select(seen => seen.Head.Split(' ')[1]);

    /// <param name="refuses">Which destinations are answered by 503, on a connection that stays open.</param>
    /// <param name="isDeadEnd">Whether a tunnel leads nowhere: the proxy reads what is sent first, and closes.</param>
    /// <param name="asks">Whether it wants credentials, on a connection that stays open.</param>
    public static RecordingProxy Start(
        Func<string, bool>? refuses = null, bool isDeadEnd = false, bool asks = false) =>
        new(refuses ?? (_ => false), isDeadEnd, asks);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                connections.Add(ServeAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        var stream = client.GetStream();
        try
        {
            while (await ReadHeadAsync(stream) is { Length: > 0 } head)
            {
                var destination = head.Split(' ')[1];
                if (_asks && !head.Contains("Proxy-Authorization", StringComparison.OrdinalIgnoreCase))
                {
                    await stream.WriteAsync(
                        "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray(),
                        _stop.Token);
                    continue;
                }

                if (!_refuses(destination))
                {
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _stop.Token);
                    await TunnelAsync(stream, head, destination);
                    return;
                }

                Seen.Enqueue((head, []));
                await stream.WriteAsync("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client went away, or the test is over.
        }
    }

    /// <summary>Byte by byte: what comes after the head must not be taken with it.</summary>
    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) > 0)
        {
            head.Add(one[0]);
            if (head.Count >= EndOfHead.Length && head[^4..].SequenceEqual(EndOfHead))
            {
                return Encoding.Latin1.GetString([.. head]);
            }
        }

        return "";
    }

    private async Task TunnelAsync(NetworkStream client, string head, string destination)
    {
        var buffer = new byte[64 * 1024];
        var read = await client.ReadAsync(buffer, _stop.Token);
        Seen.Enqueue((head, buffer[..read]));
        if (_isDeadEnd)
        {
            return;
        }

        await using var server = await Loopback.ConnectAsync(int.Parse(destination.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture), _stop.Token);
        await server.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        await Task.WhenAny(client.CopyToAsync(server, _stop.Token), server.CopyToAsync(client, _stop.Token));
    }
}
