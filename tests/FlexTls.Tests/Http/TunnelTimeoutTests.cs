using System.Net;
using System.Net.Sockets;
using FlexTls.Rotation;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>
/// Behind a proxy, a handshake that is given up is a failure of the server that let it wait, and of nobody else.
/// </summary>
public class TunnelTimeoutTests
{
    [Fact]
    public async Task AServerThatSaysNothing_IsAFailingUpstream()
    {
        await using var proxy = RecordingProxy.Start();
        using var silent = new SilentServer();
        await using var clients = Through(proxy.Address, handler => handler.ConnectTimeout = TimeSpan.FromSeconds(1));

        await TimeOutAsync(clients["orders"].GetAsync(silent.Address, Deadline.Token()));

        await AssertGivenUpAsync(clients, "localhost");
    }

    [Fact]
    public async Task BehindSocks_ItIsTheSame()
    {
        await using var proxy = await ExternalProxy.StartAsync("microsocks", Deadline.Token());
        using var silent = new SilentServer();
        await using var clients = Through(proxy.Address, handler => handler.ConnectTimeout = TimeSpan.FromSeconds(1));

        await TimeOutAsync(clients["orders"].GetAsync(silent.Address, Deadline.Token()));

        await AssertGivenUpAsync(clients, "localhost");
    }

    /// <summary>The pool lets go of a connection some seconds after the request that wanted it.</summary>
    [Fact]
    public async Task ACallerThatGivesUp_MakesNoDifference()
    {
        await using var proxy = RecordingProxy.Start();
        using var silent = new SilentServer();
        await using var clients = Through(proxy.Address);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token());
        var request = clients["orders"].GetAsync(silent.Address, caller.Token);
        await silent.FirstHelloAsync(Deadline.Token());

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await silent.NextEndAsync(Deadline.Token());

        await AssertGivenUpAsync(clients, "localhost");
    }

    [Fact]
    public async Task HandshakesOfOthers_DoNotHideIt()
    {
        await using var proxy = RecordingProxy.Start();
        await using var good = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        using var silent = new SilentServer();
        await using var clients = Through(proxy.Address, handler => handler.ConnectTimeout = TimeSpan.FromSeconds(3));
        var request = clients["orders"].GetAsync(silent.Address, Deadline.Token());
        await silent.FirstHelloAsync(Deadline.Token());

        await clients["orders"].GetStringAsync(good.Address.Under("127.0.0.1"), Deadline.Token());
        await TimeOutAsync(request);

        // Counted; but the last new connection is the other one.
        await AssertGivenUpAsync(clients, "localhost", isFailing: false);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("socks5")]
    public async Task AProxyThatSaysNothing_IsNoFailureOfTls(string scheme)
    {
        using var silent = new SilentServer();
        await using var clients = Through(
            new Uri($"{scheme}://127.0.0.1:{silent.Port}"),
            handler => handler.ConnectTimeout = TimeSpan.FromSeconds(1));

        // Of SOCKS, the platform says that it cannot reach the proxy.
        await Assert.ThrowsAnyAsync<Exception>(
            () => clients["orders"].GetAsync(new Uri("https://localhost:1/"), Deadline.Token()));

        Assert.Empty(Status(clients).Failures);
        Assert.Equal((1, 0), (silent.Accepted, Status(clients).OpenConnections));
    }

    [Fact]
    public async Task ATunnelOfAnotherRequest_IsNotToBlame()
    {
        var (calls, isHeld) = (0, new TaskCompletionSource());
        await using var proxy = RecordingProxy.Start();
        using var silent = new SilentServer();
        await using var clients = Through(proxy.Address, handler =>
        {
            handler.ConnectTimeout = TimeSpan.FromSeconds(1);
            handler.ConnectCallback = async (connection, ct) =>
            {
                if (Interlocked.Increment(ref calls) == 1)
                {
                    isHeld.SetResult();
                    await Task.Delay(Timeout.Infinite, ct);
                }

                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(connection.DnsEndPoint, ct);
                return new NetworkStream(socket, ownsSocket: true);
            };
        });
        var held = clients["orders"].GetAsync(new Uri("https://localhost:1/"), Deadline.Token());
        await isHeld.Task.WaitAsync(Deadline.Token());

        await TimeOutAsync(clients["orders"].GetAsync(silent.Address.Under("127.0.0.1"), Deadline.Token()));
        await TimeOutAsync(held);

        await AssertGivenUpAsync(clients, "127.0.0.1");
    }

    /// <summary>An idle connection waits for its server, too; its handshake is over.</summary>
    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task ATunnelThatIsClosedAfterItsHandshake_IsNotGivenUp(string alpn)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        var options = Pki.MutualTls();
        options.Alpn = [alpn];
        await using var clients = ClientHost.Create(services => services.AddOutboundTls(
            tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(options))));
        var handlers = clients.Services.GetRequiredService<IOutboundTlsHandlerFactory>();
        using (var client = new HttpClient(handlers.CreateHandler(
            "orders", new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) })))
        {
            await client.GetStringAsync(server.Address, Deadline.Token());
        }

        await server.EndOfAllAsync(Deadline.Token());
        Assert.Empty(Status(clients).Failures);
    }

    [Fact]
    public async Task AServerThatRefuses_AfterThePolicyWasReplaced_HasItsReason()
    {
        var gate = new Gate();
        await using var proxy = RecordingProxy.Start();
        await using var server = new SecureServer(SecureServer.AnswerAllAsync)
        {
            BeforeTls = async (transport, _) =>
            {
                _ = await transport.ReadAsync(new byte[4096], Deadline.Token());
                await gate.PassAsync();

                // The alert handshake_failure.
                await transport.WriteAsync(new byte[] { 21, 3, 3, 0, 2, 2, 40 }, Deadline.Token());
                return false;
            },
        };
        await using var rotation = Rotating(proxy);
        var request = rotation.Client.GetAsync(server.Address, Deadline.Token());
        await gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, "http/1.1"));
        gate.Open();
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => request);

        Assert.Equal("FTLS6140", Assert.IsType<TlsHandshakeException>(failed.InnerException).Code);
        var status = Status(rotation.Host);
        Assert.Equal(("FTLS6140", 1), (Assert.Single(status.Failures).Code, status.Failures[0].Count));
        Assert.False(status.IsFailing);
    }

    [Fact]
    public async Task ATunnelThatIsEndedDuringItsHandshake_IsNoFailureOfTheServer()
    {
        await using var proxy = RecordingProxy.Start();
        using var silent = new SilentServer();
        await using var rotation = Rotating(proxy);
        var request = rotation.Client.GetAsync(silent.Address, Deadline.Token());
        await silent.FirstHelloAsync(Deadline.Token());

        rotation.Swap(Identities.Policy(2, "http/1.1"));
        rotation.PassDeadline();

        AnswerTests.AssertReason(await Assert.ThrowsAsync<HttpRequestException>(() => request));
        Assert.Empty(Status(rotation.Host).Failures);
    }

    private static async Task TimeOutAsync(Task request) =>
        Assert.IsType<TimeoutException>((await Assert.ThrowsAsync<TaskCanceledException>(() => request)).InnerException);

    private static async Task AssertGivenUpAsync(ClientHost clients, string host, bool isFailing = true)
    {
        static bool IsGivenUp(string line) => line.Contains("FTLS6009", StringComparison.Ordinal);
        await clients.Log.UntilAsync(() => clients.Log.Warnings.Any(IsGivenUp), Deadline.Token());
        var status = Status(clients);
        var failure = Assert.Single(status.Failures);
        Assert.Equal(("FTLS6009", 1, isFailing), (failure.Code, failure.Count, status.IsFailing));
        Assert.Contains($"({host})", failure.Message, StringComparison.Ordinal);
        Assert.Single(clients.Log.Warnings, IsGivenUp);
    }

    private static UpstreamTlsStatus Status(ClientHost clients) =>
        clients.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams.Single();

    private static ClientHost Through(Uri proxy, Action<SocketsHttpHandler>? configure = null) =>
        ClientHost.Under(Pki.MutualTls(), client => client.ConfigurePrimaryHttpMessageHandler(() =>
        {
            var handler = new SocketsHttpHandler { Proxy = new WebProxy(proxy) };
            configure?.Invoke(handler);
            return handler;
        }));

    private static RotatingUpstream Rotating(RecordingProxy proxy) =>
        RotatingUpstream.Under(Identities.Policy(1, "http/1.1"), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { Proxy = new WebProxy(proxy.Address) }));
}
