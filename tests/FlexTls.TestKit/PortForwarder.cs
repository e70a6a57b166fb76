using System.Net;
using System.Net.Sockets;

namespace FlexTls.TestKit;

/// <summary>One port in front of servers that take turns: what an upstream looks like while it is updated.</summary>
public sealed class PortForwarder : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int[] _targets;
    private int _connections;

    /// <param name="targets">The ports of the servers; with several, connections go to them in turn.</param>
    public PortForwarder(params int[] targets)
    {
        _targets = targets;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Address => new($"https://localhost:{Port}/");

    /// <summary>How many connections were accepted.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>New connections go to another server; those that are open stay where they are.</summary>
    public void SwitchTo(params int[] targets) => Volatile.Write(ref _targets, targets);

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
                var targets = Volatile.Read(ref _targets);
                connections.Add(ForwardAsync(client, targets[_connections % targets.Length]));
                Interlocked.Increment(ref _connections);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }

        await Task.WhenAll(connections);
    }

    private async Task ForwardAsync(TcpClient client, int target)
    {
        using (client)
        {
            using var server = new TcpClient();
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target, _stop.Token);
                await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client));
            }
            catch (Exception e) when (
                e is SocketException or IOException or InvalidOperationException or OperationCanceledException)
            {
                // One side is gone; both are closed.
            }
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        await from.GetStream().CopyToAsync(to.GetStream(), _stop.Token);
        to.Client.Shutdown(SocketShutdown.Send);
    }
}
