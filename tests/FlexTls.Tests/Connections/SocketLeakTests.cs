using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Connections;

/// <summary>A handshake that failed or was canceled leaves no socket behind, nor the server a connection.</summary>
public class SocketLeakTests
{
    private const int AtOnce = 20;

    [Fact]
    public Task FailedHandshakes_LeaveNoSocket() => FailAsync(100);

    [Fact(Explicit = true)]
    public Task AThousandFailedHandshakes_LeaveNoSocket() => FailAsync(1000);

    [Fact]
    public Task CanceledHandshakes_LeaveNoSocket() => CancelAsync(100);

    [Fact(Explicit = true)]
    public Task AThousandCanceledHandshakes_LeaveNoSocket() => CancelAsync(1000);

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

    private static async Task CancelAsync(int count)
    {
        using var silent = new SilentServer();
        await using var clients = ClientHost.Under(Pki.Trusting(), client => client.ConfigurePrimaryHttpMessageHandler(
            () => new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromMilliseconds(200) }));

        await Parallel.ForAsync(0, count, Options(), async (_, _) =>
        {
            using var cancel = new CancellationTokenSource();
            using var request = new HttpRequestMessage(HttpMethod.Get, silent.Address) { VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            var pending = clients["orders"].SendAsync(request, cancel.Token);
            await silent.FirstHelloAsync(Deadline.Token());
            await cancel.CancelAsync();
            await Assert.ThrowsAsync<TaskCanceledException>(() => pending);
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

    private static ParallelOptions Options() => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };
}
