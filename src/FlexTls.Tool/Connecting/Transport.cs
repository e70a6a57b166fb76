using System.Net;
using System.Net.Sockets;

namespace FlexTls;

/// <summary>Connections up to the point where TLS begins.</summary>
internal static class Transport
{
    /// <summary>How long each step may take.</summary>
    public static TimeSpan StepTimeout { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The addresses of a host, at least one.</summary>
    /// <exception cref="SocketException">It has none.</exception>
    public static async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        var found = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        return found.Length > 0 ? found : throw new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>The first address of a host that accepts a connection.</summary>
    /// <exception cref="SocketException">None does.</exception>
    /// <exception cref="TimeoutException">The last one does not answer.</exception>
    public static async Task<IPAddress> FindAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = await ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        for (var i = 0; ; i++)
        {
            try
            {
                var stream = await ConnectAsync(addresses[i], port, cancellationToken).ConfigureAwait(false);
                await stream.DisposeAsync().ConfigureAwait(false);
                return addresses[i];
            }
            catch (Exception e) when (i + 1 < addresses.Count && e is SocketException or TimeoutException)
            {
                // The next one may.
            }
        }
    }

    /// <exception cref="SocketException">No connection could be made.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public static async Task<NetworkStream> ConnectAsync(
        IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await WithinAsync(token => socket.ConnectAsync(address, port, token).AsTask(), cancellationToken)
                .ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="TimeoutException">It takes longer than <see cref="StepTimeout"/>.</exception>
    public static async Task WithinAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StepTimeout);
        try
        {
            await step(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {Words.Of(StepTimeout)}", e);
        }
    }
}
