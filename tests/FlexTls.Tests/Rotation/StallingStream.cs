using System.Net;
using System.Net.Sockets;

namespace FlexTls.Rotation;

/// <summary>A connection whose writes wait while a gate is shut, as they do with a full TCP buffer.</summary>
internal sealed class StallingStream(Socket socket, Func<Gate?> shut) : NetworkStream(socket, ownsSocket: true)
{
    /// <summary>A handler with such connections, which sends each request once.</summary>
    /// <param name="shut">The gate that is shut now; <see langword="null"/>: none.</param>
    /// <param name="proxy">The proxy; <see langword="null"/>: none.</param>
    public static SocketsHttpHandler Handler(Func<Gate?> shut, IWebProxy? proxy) => new()
    {
        AllowAutoRedirect = false,
        Proxy = proxy,
        ConnectCallback = async (connection, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, connection.DnsEndPoint.Port), ct);
            return new StallingStream(socket, shut);
        },
    };

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (shut() is { } gate)
        {
            await gate.PassAsync();
        }

        await base.WriteAsync(buffer, cancellationToken);
    }
}
