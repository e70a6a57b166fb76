using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>
/// A server that closes a connection without an answer may refuse the client certificate, or may just be going away:
/// then the platform's pool sends the request again, and a policy must not prevent it.
/// </summary>
public sealed class UnansweredTests : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private Func<int, bool> _answers = _ => true;
    private int _connections;

    public UnansweredTests()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    private Uri Address => new($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    [Fact]
    public async Task ARequestThatAnotherConnectionAnswers_IsNotLost()
    {
        _answers = connection => connection % 2 == 0;
        await using var clients = Clients();

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("ok", await clients["orders"].GetStringAsync(Address, Deadline.Token()));
        }

        Assert.Equal(10, _connections);
        Assert.False(Status(clients).IsFailing);
        Assert.Equal(("FTLS6001", 5), (Status(clients).Failures[0].Code, Status(clients).Failures[0].Count));
    }

    [Fact]
    public async Task ARequestThatNoConnectionAnswers_FailsWithTheReason()
    {
        _answers = _ => false;
        await using var clients = Clients();

        // The platform's pool tries four connections.
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal("FTLS6001", await FailAsync(() => clients["orders"].GetAsync(Address, Deadline.Token())));
            Assert.Equal(4 * i, _connections);
            Assert.True(Status(clients).IsFailing);
        }
    }

    [Fact]
    public async Task AWaveOfRequests_WhoseConnectionsAreAllClosed_IsNotLost()
    {
        const int Wave = 12;
        _answers = connection => connection > Wave;
        await using var clients = Clients();
        var client = clients["orders"];

        var answers = await Task.WhenAll(
            Enumerable.Range(0, Wave).Select(_ => client.GetStringAsync(Address, Deadline.Token())));

        Assert.All(answers, answer => Assert.Equal("ok", answer));
    }

    /// <summary>As resilience handlers do: each time the pool has all its tries.</summary>
    [Fact]
    public async Task AMessageThatIsSentAgain_HasAllTriesAgain()
    {
        _answers = connection => connection == 7;
        await using var clients = Clients();
        using var invoker = new HttpMessageInvoker(
            clients.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders"),
            disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);

        Assert.Equal("FTLS6001", await FailAsync(() => invoker.SendAsync(request, Deadline.Token())));
        using var answer = await invoker.SendAsync(request, Deadline.Token());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(7, _connections);
    }

    [Fact]
    public async Task ARequestThatIsSentOnce_FailsWithTheReason()
    {
        _answers = _ => false;
        await using var clients = Clients();

        Assert.Equal("FTLS6001", await FailAsync(
            () => clients["orders"].PostAsync(Address, new StringContent("x"), Deadline.Token())));
        Assert.Equal(1, _connections);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private static async Task<string> FailAsync(Func<Task> send)
    {
        var failed = await Assert.ThrowsAsync<HttpRequestException>(send);
        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        return Assert.IsType<TlsHandshakeException>(failed.InnerException).Code;
    }

    private static ClientHost Clients()
    {
        var options = Pki.MutualTls();
        options.Alpn = ["http/1.1"];
        return ClientHost.Under(options);
    }

    private static UpstreamTlsStatus Status(ClientHost clients) =>
        clients.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single();

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

        await Task.WhenAll(connections);
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
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
        {
            // Up to the end of the headers.
        }

        if (_answers(connection))
        {
            await stream.WriteAsync(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"u8.ToArray(), _stop.Token);
        }

        await stream.ShutdownAsync();
    }
}
