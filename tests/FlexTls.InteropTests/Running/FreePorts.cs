using System.Net;
using System.Net.Sockets;

namespace FlexTls.Interop;

/// <summary>
/// Ports for servers that cannot be asked for one. They lie below those that systems give out by themselves, so that no
/// connection of another test takes one between this look and the server's start.
/// </summary>
internal static class FreePorts
{
    private const int First = 18000;
    private const int Count = 14000;

    // Two runs on one machine start at different places.
    private static int _next = Environment.ProcessId * 311 % Count;

    public static IReadOnlyDictionary<ServerPort, int> TakeForEach() =>
        Enum.GetValues<ServerPort>().ToDictionary(port => port, _ => Take());

    public static int Take()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (Interlocked.Increment(ref _next) % Count);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }

        throw new InvalidOperationException("No port is free.");
    }
}
