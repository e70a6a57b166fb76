using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>A handshake that failed or was canceled leaves no socket behind, nor the server a connection.</summary>
public class SocketLeakTests
{
    private const int AtOnce = 20;

    [Fact]
    public Task FailedHandshakes_LeaveNoSocket() => FailAsync(100);

    [Fact(Explicit = true)]
    public Task AThousandFailedHandshakes_LeaveNoSocket() => FailAsync(1000);

    [Fact]
    public Task CanceledRequests_LeaveNoSocket() => CancelRequestsAsync(100);

    [Fact]
    public async Task AThousandCanceledHandshakes_LeaveNoSocket()
    {
        await using var host = ClientHost.Create(services => services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting()))));
        var context = host.Services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders");

        // A server for each of those at work, so that a ClientHello is that of its own handshake.
        await Parallel.ForAsync(0, AtOnce, Options(), async (_, _) =>
        {
            using var silent = new SilentServer();
            for (var i = 0; i < 1000 / AtOnce; i++)
            {
                using var cancel = new CancellationTokenSource();
                var pending = context.ConnectAsync(new System.Net.DnsEndPoint("localhost", silent.Port), cancel.Token).AsTask();
                await silent.FirstHelloAsync(Deadline.Token());
                await cancel.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
                await silent.NextEndAsync(Deadline.Token());
            }

            Assert.Equal((1000 / AtOnce, 0), (silent.Accepted, silent.Open));
            Assert.Equal(0, OwnSockets.ConnectedTo(silent.Port));
        });
    }

    [Fact]
    public async Task ASocketThatIsOpen_IsCounted()
    {
        using var silent = new SilentServer();
        await using var connection = await TestKit.Loopback.ConnectAsync(silent.Port, Deadline.Token());

        Assert.Equal(1, OwnSockets.ConnectedTo(silent.Port));
    }

    private static async Task FailAsync(int count)
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.Trusting(Pki.Foreign));

        await Parallel.ForAsync(0, count, Options(), async (_, _) =>
            await Assert.ThrowsAsync<HttpRequestException>(() => clients["orders"].GetAsync(upstream.Address, Deadline.Token())));

        Assert.True(upstream.Hellos.Count >= count / AtOnce, "Hardly a handshake was tried.");
        Assert.Equal(0, OwnSockets.ConnectedTo(upstream.Port));
    }

    private static async Task CancelRequestsAsync(int count)
    {
        using var silent = new SilentServer();
        await using var clients = ClientHost.Under(Pki.Trusting(), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMilliseconds(200) }));

        await Parallel.ForAsync(0, count, Options(), async (_, _) =>
        {
            // A machine that is busy may need longer than that to meet the server.
            while (!await MeetsAsync(silent, clients["orders"]))
            {
            }
        });

        // The pool goes on with an attempt whose request was canceled, until its timeout.
        for (var ended = 0; ended < silent.Accepted; ended++)
        {
            await silent.NextEndAsync(Deadline.Token());
        }

        Assert.True(silent.Accepted >= count, "Every request should have met the server.");
        Assert.Equal(0, silent.Open);
        Assert.Equal(0, OwnSockets.ConnectedTo(silent.Port));
    }

    /// <summary>Whether a request met the server before its time was over; it is canceled then.</summary>
    private static async Task<bool> MeetsAsync(SilentServer silent, HttpClient client)
    {
        using var cancel = new CancellationTokenSource();
        using var noHello = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token());
        using var request = new HttpRequestMessage(HttpMethod.Get, silent.Address)
        {
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var pending = client.SendAsync(request, cancel.Token);
        var hello = silent.FirstHelloAsync(noHello.Token);
        var isMet = await Task.WhenAny(hello, pending) == hello;
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => pending);
        await noHello.CancelAsync();
        await hello.ContinueWith(_ => { }, TaskScheduler.Default);
        return isMet;
    }

    private static ParallelOptions Options() => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };
}
