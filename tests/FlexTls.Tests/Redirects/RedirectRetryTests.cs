using System.Net;
using System.Net.Sockets;
using FlexTls.Http;
using FlexTls.Rotation;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Redirects;

/// <summary>An attempt that is given up while a redirect is followed, and then sent again, does not make the target of the redirect the upstream.</summary>
public class RedirectRetryTests
{
    private const int Requests = 5_000;
    private const string Domain = "redirects.example";

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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task AnAttemptThatIsGivenUpBeforeTheTargetIsConnected_BeginsAgainAtTheUpstream(bool skipsValidation) => SendAsync(4, 1, skipsValidation);

    [Theory(Explicit = true)]
    [InlineData(20)]
    [InlineData(100)]
    public Task OfThousandsThatAreRedirectedAndSentAgain_NoneShowsTheTargetACertificate(int workers) => SendAsync(Requests, workers, skipsValidation: false);

    private static async Task SendAsync(int requests, int workers, bool skipsValidation)
    {
        await using var target = await HttpUpstream.StartAsync(
            Loopbacks.Asking((skipsValidation ? Pki.Foreign : Pki.Root).IssueServer($"*.{Domain}")), Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(
            Loopbacks.Asking(skipsValidation ? Loopbacks.ForeignCertificate : null) with
            {
                Respond = context =>
                {
                    // Each request has a target of its own: none was met before.
                    context.Response.Redirect($"https://{context.Request.Path.Value![1..]}.{Domain}:{target.Port}/");
                    return Task.CompletedTask;
                },
            },
            Deadline.Token());
        var options = Pki.MutualTls();
        options.DangerousSkipValidation = skipsValidation;
        await using var clients = ClientHost.Under(options, client => client
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { Proxy = new GivingUp(uri => uri.Port == target.Port), ConnectCallback = ToLoopbackAsync })
            .AddHttpMessageHandler(() => new GivingUp.Handler()));
        var failed = 0;

        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = TestContext.Current.CancellationToken }, async (number, ct) =>
        {
            try
            {
                using var response = await clients["orders"].GetAsync(new Uri(front.Address, $"/t{number}"), ct);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
            catch (HttpRequestException) when (skipsValidation)
            {
                Interlocked.Increment(ref failed);
            }
        });

        var shown = target.Requests.Count(seen => seen.ClientCertificate is not null);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{workers} workers: {requests} requests, {front.Requests.Count} at the upstream, {target.Requests.Count} at their targets, {shown} of them with a client certificate");
        Assert.Equal((0, skipsValidation ? requests : 0), (shown, failed));
        Assert.Equal(skipsValidation ? 0 : requests, target.Requests.Count);
        Assert.InRange(front.Requests.Count, requests + (requests / 2), 2 * requests);
    }

    private static async ValueTask<Stream> ToLoopbackAsync(SocketsHttpConnectionContext connection, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, connection.DnsEndPoint.Port, ct);
        return new NetworkStream(socket, ownsSocket: true);
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
