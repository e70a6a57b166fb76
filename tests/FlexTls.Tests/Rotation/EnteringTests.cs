using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>Requests that enter a pool while it is closed go to the next one.</summary>
public class EnteringTests
{
    private static readonly Uri Nobody = new("https://localhost:1/");

    [Theory(Explicit = true)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ThreeHundredSwaps_UnderRequestsThatOnlyEnter_FailNone(bool isSynchronous)
    {
        await using var rotation = RotatingUpstream.Under(Identities.Policy(0, "http/1.1"));
        var handlers = rotation.Host.Services.GetRequiredService<IHttpMessageHandlerFactory>();
        using var invoker = new HttpMessageInvoker(handlers.CreateHandler("orders"), disposeHandler: false);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Deadline.Token());
        var entered = 0;
        var entering = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            Enter, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();

        for (var swap = 1; swap <= 300; swap++)
        {
            var before = Volatile.Read(ref entered);
            rotation.Swap(Identities.Policy(swap % 4, "http/1.1"));
            rotation.PassGrace();
            SpinWait.SpinUntil(() => Volatile.Read(ref entered) > before + 100 || stop.IsCancellationRequested);
        }

        await stop.CancelAsync();
        await Task.WhenAll(entering);

        // Canceled as soon as they have entered, so that entering is all that they do.
        void Enter()
        {
            for (var canceled = new CancellationToken(canceled: true); !stop.IsCancellationRequested;)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, Nobody);
                Assert.ThrowsAny<OperationCanceledException>(() => isSynchronous
                    ? invoker.Send(request, canceled)
                    : invoker.SendAsync(request, canceled).GetAwaiter().GetResult());
                Interlocked.Increment(ref entered);
            }
        }
    }
}
