using System.Net;
using System.Net.Sockets;

namespace FlexTls.Rotation;

/// <summary>A connection that comes to a gate with its first write: from then on, a handshake is under way.</summary>
internal sealed class GreetingStream(Socket socket, Gate gate) : NetworkStream(socket, ownsSocket: true)
{
    private bool _hasWritten;

    /// <summary>A handler whose connections come to a gate.</summary>
    public static SocketsHttpHandler Handler(Gate gate) => new()
    {
        ConnectCallback = async (connection, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, connection.DnsEndPoint.Port), ct);
            return new GreetingStream(socket, gate);
        },
    };

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_hasWritten)
        {
            _hasWritten = true;
            gate.Arrive();
        }

        return base.WriteAsync(buffer, cancellationToken);
    }
}
