using System.Runtime.CompilerServices;
using FlexTls.Http;
using FlexTls.Support;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>What was replaced and drained is freed: contexts, handlers and sockets.</summary>
public class RetentionTests
{
    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public Task AfterAHundredSwaps_NothingOldIsKept(string alpn) => SwapAsync(alpn, 100);

    [Theory(Explicit = true)]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public Task AfterAThousandSwaps_NothingOldIsKept(string alpn) => SwapAsync(alpn, 1000);

    private static async Task SwapAsync(string alpn, int swaps)
    {
        var held = new Gate();
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with
        {
            Respond = async context =>
            {
                if (context.Request.Path == "/held")
                {
                    await held.PassAsync().WaitAsync(context.RequestAborted);
                }
            },
        }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(0, alpn));
        var contexts = new List<WeakReference<ContextGeneration>>();
        var generations = new List<WeakReference<UpstreamGeneration>>();
        var ended = 0;

        for (var swap = 1; swap <= swaps; swap++)
        {
            await rotation.Client.GetStringAsync(server.Address, TestContext.Current.CancellationToken);

            // One in ten is still under way at the deadline.
            var late = swap % 10 == 0 ? rotation.Client.GetStringAsync(new Uri(server.Address, "/held"), TestContext.Current.CancellationToken) : null;
            if (late is not null)
            {
                await held.ArrivalAsync();
            }

            Track(rotation, contexts, generations);
            rotation.Swap(Identities.Policy(swap % 5, alpn));
            rotation.PassDeadline();
            if (late is not null)
            {
                await Assert.ThrowsAsync<HttpRequestException>(() => late);
                ended++;
            }
        }

        await server.EndOfAllAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), rotation.Counts);
        Assert.Equal(0, OwnSockets.ConnectedTo(server.Port));
        await rotation.Client.GetStringAsync(server.Address, TestContext.Current.CancellationToken);
        Assert.Equal((1, 0), rotation.Counts);
        Assert.Equal(1, OwnSockets.ConnectedTo(server.Port));
        Assert.Equal(swaps / 10, ended);
        Assert.Equal((0, 0), await AliveAsync(contexts, generations));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Track(RotatingUpstream rotation, List<WeakReference<ContextGeneration>> contexts, List<WeakReference<UpstreamGeneration>> generations)
    {
        generations.Add(new WeakReference<UpstreamGeneration>(rotation.Upstream.Current));
        contexts.Add(new WeakReference<ContextGeneration>(rotation.Upstream.Current.Context));
    }

    /// <summary>How many are still alive when what runs in the background has had its time to let go.</summary>
    private static async Task<(int Contexts, int Generations)> AliveAsync(List<WeakReference<ContextGeneration>> contexts, List<WeakReference<UpstreamGeneration>> generations)
    {
        for (var end = Deadline.Token(); ;)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var alive = (contexts.Count(IsAlive), generations.Count(IsAlive));
            if (alive == (0, 0) || end.IsCancellationRequested)
            {
                return alive;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsAlive<T>(WeakReference<T> reference)
        where T : class => reference.TryGetTarget(out _);
}
