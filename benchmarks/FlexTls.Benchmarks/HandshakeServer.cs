using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;

namespace FlexTls.Benchmarks;

/// <summary>
/// A TLS server on a thread of its own that makes one handshake after the other, synchronously: what the thread
/// consumed is the server's share of what the process consumed, and all the rest is the client's.
/// </summary>
internal sealed class HandshakeServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SslServerAuthenticationOptions _options;
    private readonly Channel<ConsumedResources> _finished = Channel.CreateUnbounded<ConsumedResources>();
    private readonly Thread _thread;
    private readonly bool _greets;

    /// <param name="certificate">The server's certificate.</param>
    /// <param name="intermediate">Its issuer.</param>
    /// <param name="version">The version that it speaks.</param>
    /// <param name="greets">Whether it sends a byte after the handshake, with which a client gets its session.</param>
    public HandshakeServer(
        X509Certificate2 certificate, X509Certificate2 intermediate, SslProtocols version, bool greets = false)
    {
        _greets = greets;
        _options = new SslServerAuthenticationOptions
        {
            // Made once: making it costs more than some handshakes.
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, [intermediate], offline: true),
            EnabledSslProtocols = version,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
        };
        _listener.Start();
        _thread = new Thread(Serve) { IsBackground = true, Name = "TLS server" };
        _thread.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(_listener.LocalEndpoint);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Waits until the server is done with a connection that the client has closed.</summary>
    /// <returns>What the server's thread has consumed since it was started.</returns>
    public ValueTask<ConsumedResources> FinishedAsync() => _finished.Reader.ReadAsync();

    public void Dispose()
    {
        _listener.Stop();
        _thread.Join();
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                Serve(_listener.AcceptSocket());
                _finished.Writer.TryWrite(ConsumedResources.OfCurrentThread());
            }
        }
        catch (SocketException)
        {
            // Stopped.
        }
    }

    private void Serve(Socket socket)
    {
        socket.NoDelay = true;
        using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            stream.AuthenticateAsServer(_options);
            if (_greets)
            {
                stream.WriteByte(1);
            }

            stream.ReadByte();
        }
        catch (IOException)
        {
            // The client has closed without reading the session tickets.
        }
    }
}
