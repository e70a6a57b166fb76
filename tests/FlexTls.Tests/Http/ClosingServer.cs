using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using FlexTls.Support;

namespace FlexTls.Http;

/// <summary>
/// A server of HTTP/1.1 that asks for a client certificate and closes connections without an answer, as the test wants.
/// </summary>
internal sealed class ClosingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _connections;

    public ClosingServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public enum Reply
    {
        Close,
        Answer,
        AnswerAndClose,
    }

    /// <summary>What a request gets.</summary>
    public Func<Request, Task<Reply>> Replies { get; set; } = _ => Task.FromResult(Reply.AnswerAndClose);

    /// <summary>How many connections there were.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public Uri Address => new($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

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
        }

        // The client may end its connections first.
        await Task.WhenAll(connections).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket socket, int connection)
    {
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = Pki.EcServer,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            },
            _stop.Token);
        using var reader = new StreamReader(stream, leaveOpen: true);
        for (var number = 1; await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } first; number++)
        {
            await ReadRestAsync(reader);
            var reply = await Replies(new Request(connection, number, first.Split(' ')[1])).WaitAsync(_stop.Token);
            if (reply != Reply.Close)
            {
                var close = reply == Reply.AnswerAndClose ? "Connection: close\r\n" : "";
                await stream.WriteAsync(
                    System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{close}\r\nok"),
                    _stop.Token);
            }

            if (reply != Reply.Answer)
            {
                await stream.ShutdownAsync();
                return;
            }
        }
    }

    private async Task ReadRestAsync(StreamReader reader)
    {
        var length = 0;
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
        {
            if (line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        for (; length > 0; length--)
        {
            await reader.ReadAsync(new char[1], _stop.Token);
        }
    }

    /// <summary>One request.</summary>
    /// <param name="Connection">The number of its connection, from 1.</param>
    /// <param name="Number">Its number on that connection, from 1.</param>
    /// <param name="Path">Its path.</param>
    internal sealed record Request(int Connection, int Number, string Path);
}
