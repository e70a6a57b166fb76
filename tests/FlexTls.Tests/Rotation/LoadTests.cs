using System.Collections.Concurrent;
using System.Globalization;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>Many workers that do not retry, and swaps as fast as they go: no request fails, and none goes under a certificate that was replaced before it began.</summary>
public class LoadTests
{
    private const int Workers = 200;

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _reached = new();
    private int _requests;
    private int _awaited;
    private int _inForce;

    [Theory]
    [InlineData("http/1.1", 8)]
    [InlineData("h2", 8)]
    public Task NoRequestFails_AndNoneIsLate(string alpn, int swaps) => RunAsync(alpn, swaps, closesUnderLoad: false);

    [Theory(Explicit = true)]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public Task NoRequestFails_AndNoneIsLate_OverFiveHundredSwaps(string alpn) =>
        RunAsync(alpn, 500, closesUnderLoad: true);

    private async Task RunAsync(string alpn, int swaps, bool closesUnderLoad)
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with
        {
            Respond = context => context.Response.WriteAsync(context.Connection.ClientCertificate?.Subject ?? "none", context.RequestAborted),
        }, Deadline.Token());

        // Fewer connections than workers: handshakes are slow, and requests wait for connections across swaps.
        await using var rotation = RotatingUpstream.InRealTime(
            Identities.Policy(0, alpn), client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { MaxConnectionsPerServer = 20 }));
        using var end = new CancellationTokenSource();
        var workers = Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(rotation.Client, server.Address, end.Token))).ToList();

        for (var swap = 1; swap <= swaps; swap++)
        {
            await RequestsAsync(Workers);
            rotation.Swap(Identities.Policy(swap, alpn));
            Volatile.Write(ref _inForce, swap);
        }

        do
        {
            await RequestsAsync(Workers);
        }
        while (closesUnderLoad && rotation.Upstream.DrainingConnections > 0);

        await end.CancelAsync();
        await Task.WhenAll(workers);
        await Deadline.UntilAsync(() => rotation.Upstream.DrainingConnections == 0);
        Assert.Empty(_faults);
        Assert.Equal(_requests, server.Requests.Count);
        Assert.True(server.Connections > swaps, "Swaps without new connections prove nothing.");
        Assert.InRange(rotation.Upstream.Current.OpenConnections, 1, server.OpenConnections);
        TestContext.Current.TestOutputHelper!.WriteLine($"{_requests} requests over {server.Connections} connections and {swaps} swaps.");
    }

    private async Task WorkAsync(HttpClient client, Uri address, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var least = Volatile.Read(ref _inForce);
            try
            {
                var seen = await client.GetStringAsync(address, TestContext.Current.CancellationToken);
                if (int.Parse(seen[Identities.Subject(0)[..^1].Length..], CultureInfo.InvariantCulture) < least)
                {
                    _faults.Enqueue($"A request that began under certificate {least} came under {seen}.");
                }
            }
            catch (Exception e)
            {
                _faults.Enqueue(Reasons.Of(e));
            }

            Count();
        }
    }

    private void Count()
    {
        lock (_lock)
        {
            if (++_requests == _awaited)
            {
                _reached.SetResult();
            }
        }
    }

    /// <summary>Waits for so many requests more.</summary>
    private Task RequestsAsync(int count)
    {
        lock (_lock)
        {
            _awaited = _requests + count;
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reached.Task.WaitAsync(Deadline.Token());
        }
    }
}
