using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FlexTls.Http;

/// <summary>Takes connections, reads what comes first, and never says a word.</summary>
internal sealed class SilentServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _connections = [];
    private readonly SemaphoreSlim _hellos = new(0);
    private readonly SemaphoreSlim _ends = new(0);
    private int _accepted;
    private int _open;

    public SilentServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"https://localhost:{Port}/");

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>The connections that clients have not closed.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Waits for the next client's first bytes.</summary>
    public Task FirstHelloAsync(CancellationToken ct) => _hellos.WaitAsync(ct);

    /// <summary>Waits for the next connection that its client closes.</summary>
    public Task NextEndAsync(CancellationToken ct) => _ends.WaitAsync(ct);

    public void Dispose()
    {
        _listener.Stop();
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        _hellos.Dispose();
        _ends.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = await _listener.AcceptSocketAsync();
                _connections.Add(connection);
                Interlocked.Increment(ref _accepted);
                Interlocked.Increment(ref _open);
                _ = ReadAsync(connection);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ReadAsync(Socket connection)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            if (await connection.ReceiveAsync(buffer) > 0)
            {
                _hellos.Release();
                while (await connection.ReceiveAsync(buffer) > 0)
                {
                    // A client may say what it likes.
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client closed the hard way, or the test is over.
        }

        Interlocked.Decrement(ref _open);
        try
        {
            _ends.Release();
        }
        catch (ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
