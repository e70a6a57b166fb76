using System.Net;
using System.Net.Sockets;

namespace FlexTls.TestKit;

/// <summary>Plain TCP to a server of a test, for handshakes under another name than the address.</summary>
public static class Loopback
{
    public static async Task<NetworkStream> ConnectAsync(int port, CancellationToken ct = default)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, ct);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
