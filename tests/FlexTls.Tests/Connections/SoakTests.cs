using FlexTls.Support;
using Xunit;

namespace FlexTls.Connections;

/// <summary>Many workers and clients to one host name: no connection is ever made as another client's policy says.</summary>
public class SoakTests
{
    private const int Clients = 6;

    [Fact]
    public Task NoPolicyIsEverMixedUpWithAnother() => RunAsync(workers: 24, TimeSpan.FromSeconds(1));

    [Fact(Explicit = true)]
    public Task NoPolicyIsEverMixedUpWithAnother_ForHalfAMinuteWithTwoHundredWorkers() => RunAsync(workers: 200, TimeSpan.FromSeconds(30));

    [Fact]
    public async Task ASwappedPairOfClients_IsSeen()
    {
        await using var upstreams = await ExclusiveUpstreams.StartAsync(Clients, Deadline.Token());
        await using var clients = upstreams.Clients();

        await upstreams.SendAsync(clients[$"upstream{0}"], to: 1, Deadline.Token());
        await upstreams.SendAsync(clients[$"upstream{1}"], to: 0, Deadline.Token());

        Assert.Contains("client certificate", upstreams.Violations);
        Assert.Contains("server name", upstreams.Violations);
        Assert.Contains("application protocols", upstreams.Violations);
        Assert.Contains("cipher suite", upstreams.Violations);
    }

    private static async Task RunAsync(int workers, TimeSpan time)
    {
        await using var upstreams = await ExclusiveUpstreams.StartAsync(Clients, Deadline.Token());
        await using var clients = upstreams.Clients();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(time);
        var requests = 0;

        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            for (var round = worker; !end.IsCancellationRequested; round++)
            {
                await upstreams.SendAsync(clients[$"upstream{round % Clients}"], round % Clients, Deadline.Token());
                Interlocked.Increment(ref requests);
            }
        })));

        Assert.Empty(upstreams.Violations);
        Assert.Equal(requests, upstreams.Requests);
        Assert.True(upstreams.Connections > Clients, "A soak that makes no new connections proves nothing.");
        TestContext.Current.TestOutputHelper!.WriteLine($"{requests} requests over {upstreams.Connections} connections by {workers} workers in {time.TotalSeconds} s.");
    }
}
