using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using FlexTls.Support;

namespace FlexTls.Http;

/// <summary>
/// A TLS server without HTTP: what it does with a connection, before the handshake and after it, is the test's.
/// </summary>
internal sealed class SecureServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<SslStream, int, Task> _serve;
    private readonly Task _accepting;
    private int _connections;

    /// <param name="serve">Serves a connection; is given its number, from 1 on.</param>
    public SecureServer(Func<SslStream, int, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Comes before the handshake; returns whether there shall be one.</summary>
    public Func<NetworkStream, int, Task<bool>> BeforeTls { get; init; } = (_, _) => Task.FromResult(true);

    public SslApplicationProtocol Protocol { get; init; } = SslApplicationProtocol.Http11;

    public Uri Address => new($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Reads the head of a request; empty: the client has gone.</summary>
    public static async Task<string> ReadHeadAsync(SslStream stream)
    {
        var (head, one) = (new List<byte>(), new byte[1]);
        while (await stream.ReadAsync(one, Deadline.Token()) > 0)
        {
            head.Add(one[0]);
            if (head is [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'])
            {
                return System.Text.Encoding.Latin1.GetString([.. head]);
            }
        }

        return "";
    }

    /// <summary>Answers a request, and keeps the connection.</summary>
    public static Task AnswerAsync(SslStream stream) =>
        stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), Deadline.Token()).AsTask();

    /// <summary>Answers whatever comes.</summary>
    public static async Task AnswerAllAsync(SslStream stream, int number)
    {
        while (await ReadHeadAsync(stream) is not "")
        {
            await AnswerAsync(stream);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                connections.Add(ServeAsync(socket, Interlocked.Increment(ref _connections)));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(Socket socket, int number)
    {
        await using var transport = new NetworkStream(socket, ownsSocket: true);

        // At the end of the test, whatever it reads.
        using var end = _stop.Token.Register(socket.Dispose);
        try
        {
            if (await BeforeTls(transport, number))
            {
                await using var stream = new SslStream(transport, leaveInnerStreamOpen: true);
                await stream.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = Loopbacks.Certificate,
                        ClientCertificateRequired = true,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
                        ApplicationProtocols = [Protocol],
                    },
                    _stop.Token);
                await _serve(stream, number);
                await stream.ShutdownAsync();
            }
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException
            or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or the test is over.
        }
    }
}
