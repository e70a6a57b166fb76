using FlexTls.Support;
using Xunit;

namespace FlexTls.Http;

/// <summary>Many workers and clients to one host name: no connection is ever made as another client's policy says.</summary>
public class SoakTests
{
    private const int Clients = 6;

    [Fact]
    public Task NoPolicyIsEverMixedUpWithAnother() => RunAsync(workers: 24, atLeast: 500);

    [Fact(Explicit = true)]
    public Task NoPolicyIsEverMixedUpWithAnother_InManyRequestsOfTwoHundredWorkers() =>
        RunAsync(workers: 200, atLeast: 100_000);

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

    private static async Task RunAsync(int workers, int atLeast)
    {
        await using var upstreams = await ExclusiveUpstreams.StartAsync(Clients, Deadline.Token());
        await using var clients = upstreams.Clients();
        var requests = 0;

        // A soak that makes no new connections proves nothing, so it goes on until it has.
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            for (var round = worker; Volatile.Read(ref requests) < atLeast || upstreams.Connections <= Clients; round++)
            {
                await upstreams.SendAsync(clients[$"upstream{round % Clients}"], round % Clients, Deadline.Token());
                Interlocked.Increment(ref requests);
            }
        })));

        Assert.Empty(upstreams.Violations);
        Assert.Equal(requests, upstreams.Requests);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{requests} requests over {upstreams.Connections} connections by {workers} workers.");
    }
}
