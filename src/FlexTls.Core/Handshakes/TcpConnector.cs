using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>
/// Connects TCP as the platform's own HTTP handler does: both address families, all addresses of a name in turn, no
/// delay.
/// </summary>
internal static class TcpConnector
{
    // Pooled: a new connection allocates less.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<NetworkStream> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
