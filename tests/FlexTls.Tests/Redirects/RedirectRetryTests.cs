using System.Net;
using FlexTls.Connections;
using FlexTls.Rotation;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;
using Xunit;

namespace FlexTls.Redirects;

/// <summary>An attempt that is given up while a redirect is followed, and then sent again, does not make the target of the redirect the upstream.</summary>
public class RedirectRetryTests
{
    private const int Requests = 5_000;

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task AnAttemptThatIsGivenUpAtTheTarget_BeginsAgainAtTheUpstream(string alpn)
    {
        var gate = new Gate();
        await using var target = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { Respond = context => gate.PassAsync().WaitAsync(context.RequestAborted) }, Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        var options = Pki.MutualTls();
        options.Alpn = [alpn];
        using var giveUp = new CancellationTokenSource();
        await using var clients = ClientHost.Under(options, client => client.AddHttpMessageHandler(() => new GiveUpOnceHandler(giveUp)));
        using var request = new HttpRequestMessage(HttpMethod.Get, front.Address);
        var answer = clients["orders"].SendAsync(request, Deadline.Token());
        await gate.ArrivalAsync();

        await giveUp.CancelAsync();
        await gate.ArrivalAsync();
        gate.Open();

        using var response = await answer;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([Pki.Client.Subject, Pki.Client.Subject], front.Requests.Select(seen => seen.ClientCertificate));
        Assert.Equal([null, null], target.Requests.Select(seen => seen.ClientCertificate));
        Assert.Equal(front.Address, request.RequestUri);
    }

    [Theory(Explicit = true)]
    [InlineData(20)]
    [InlineData(100)]
    public async Task OfThousandsThatAreRedirectedAndSentAgain_NoneShowsTheTargetACertificate(int workers)
    {
        var count = 0;
        await using var target = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with
            {
                // Every other one takes longer than an attempt may.
                Respond = context => Interlocked.Increment(ref count) % 2 == 0 ? Task.CompletedTask : Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted),
            },
            Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        await using var clients = ClientHost.Under(Pki.MutualTls(), client => client.AddResilienceHandler("retry", pipeline => pipeline
            .AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = 100,
                Delay = TimeSpan.Zero,
                ShouldHandle = static args => ValueTask.FromResult(args.Outcome.Exception is TimeoutRejectedException or HttpRequestException),
            })
            .AddTimeout(TimeSpan.FromMilliseconds(100))));

        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = TestContext.Current.CancellationToken }, async (_, ct) =>
        {
            using var response = await clients["orders"].GetAsync(front.Address, ct);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        });

        var shown = target.Requests.Count(seen => seen.ClientCertificate is not null);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{workers} workers: {Requests} requests, {front.Requests.Count} at the upstream, {target.Requests.Count} at the target, {shown} of them with a client certificate");
        Assert.Equal(0, shown);
        Assert.All(front.Requests, seen => Assert.Equal(Pki.Client.Subject, seen.ClientCertificate));
    }

    /// <summary>Gives the first attempt up when it is said to, and sends the same message again.</summary>
    private sealed class GiveUpOnceHandler(CancellationTokenSource giveUp) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, giveUp.Token);
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                return await base.SendAsync(request, cancellationToken);
            }
        }
    }
}
