using System.Net;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>Redirects and retries over a swap: each hop goes to the generation in force, and its target never gets what is the upstream's.</summary>
public class RedirectRotationTests
{
    private readonly Gate _gate = new();

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2,http/1.1")]
    public async Task ARedirectToAnotherServer_DuringTheSwap_ShowsNoCertificateThere(string alpn)
    {
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var front = await RedirectingAsync(() => target.Address);
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        var answer = rotation.Client.GetStringAsync(front.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.PassGrace();
        _gate.Open();
        await answer;
        await rotation.Client.GetStringAsync(front.Address, Deadline.Token());

        Assert.Equal([Identities.Subject(1), Identities.Subject(2)], front.Requests.Select(request => request.ClientCertificate));
        Assert.Equal([null, null], target.Requests.Select(request => request.ClientCertificate));
    }

    [Theory]
    [InlineData("http/1.1", false)]
    [InlineData("http/1.1", true)]
    [InlineData("h2,http/1.1", false)]
    [InlineData("h2,http/1.1", true)]
    [InlineData("h2", false)]
    [InlineData("h2", true)]
    public async Task ARedirectOfAServer_ToItself_DuringTheSwap_IsFollowed(string alpn, bool passesGrace)
    {
        HttpUpstream? server = null;
        await using var front = server = await RedirectingAsync(() => new Uri(server!.Address, "/done"));
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        var answer = rotation.Client.GetStringAsync(front.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, alpn));
        if (passesGrace)
        {
            rotation.PassGrace();
            rotation.PassGrace();
        }

        _gate.Open();

        Assert.Equal("done", await answer);
        Assert.Equal(["/", "/done"], front.Requests.Select(request => request.Path));
        Assert.Equal([Identities.Subject(1), Identities.Subject(2)], front.Requests.Select(request => request.ClientCertificate));
    }

    [Theory]
    [InlineData("h2", "http/1.1", "1.1 OrLower", "HTTP/1.1")]
    [InlineData("h2", "http/1.1", "2.0 OrLower", "HTTP/1.1")]
    [InlineData("h2", "h2,http/1.1", "1.1 OrLower", "HTTP/2")]
    [InlineData("http/1.1", "h2", "1.1 OrHigher", "HTTP/2")]
    [InlineData("http/1.1", "h2,http/1.1", "1.1 Exact", "HTTP/1.1")]
    [InlineData("http/1.1", "h2,http/1.1", "2.0 OrHigher", "HTTP/2")]
    [InlineData("h2,http/1.1", "http/1.1", "2.0 OrLower", "HTTP/1.1")]
    public async Task WhereAlpnChanges_ARedirectAndARequestThatIsSentAgain_AreWhatTheCallerAskedFor(string before, string after, string wish, string seen)
    {
        foreach (var isRedirected in (bool[])[true, false])
        {
            var gate = new Gate();
            await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with
            {
                Respond = async context =>
                {
                    if (context.Request.Path == "/" && context.Connection.ClientCertificate!.Subject == Identities.Subject(1))
                    {
                        await gate.PassAsync().WaitAsync(context.RequestAborted);
                        context.Response.StatusCode = isRedirected ? 302 : 503;
                        context.Response.Headers.Location = isRedirected ? "/done" : default;
                    }
                },
            }, Deadline.Token());
            await using var rotation = RotatingUpstream.Under(Identities.Policy(1, before), client => client.AddHttpMessageHandler(() => new SendAgainHandler()));
            var answer = rotation.Client.SendAsync(Http.Wishes.Request(server.Address, wish), Deadline.Token());
            await gate.ArrivalAsync();

            rotation.Swap(Identities.Policy(2, after));
            rotation.PassGrace();
            gate.Open();

            Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
            Assert.Equal((seen, Identities.Subject(2)), (server.Requests.Last().Protocol, server.Requests.Last().ClientCertificate));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task APoolThatIsClosedWhileARequestEntersIt_LosesNoRequest(bool isAtTheRedirect)
    {
        // The user's proxy is asked between the choice of the pool and its use, and may take long.
        var count = 0;
        RotatingUpstream? rotating = null;
        HttpUpstream? own = null;
        await using var server = own = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => new Uri(own!.Address, "/done")), Deadline.Token());
        var proxy = new SlowProxy(() =>
        {
            if (Interlocked.Increment(ref count) == (isAtTheRedirect ? 2 : 1))
            {
                rotating!.Swap(Identities.Policy(2));
                rotating.PassGrace();
                rotating.PassGrace();
            }
        });
        await using var rotation = rotating = RotatingUpstream.Under(
            Identities.Policy(1), client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { Proxy = proxy }));
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Address) { Headers = { Host = "localhost" } };

        using var response = await rotation.Client.SendAsync(request, Deadline.Token());

        Assert.Equal("done", await response.Content.ReadAsStringAsync(Deadline.Token()));
        Assert.Equal(Identities.Subject(2), server.Requests.Last().ClientCertificate);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARequestThatIsSentAgainAfterTheSwap_GoesToTheUpstreamAgain(bool hasCertificateOnlyAfterTheSwap)
    {
        var attempts = 0;
        await using var target = await HttpUpstream.StartAsync(Loopbacks.Asking() with
        {
            Respond = async context =>
            {
                if (Interlocked.Increment(ref attempts) == 1)
                {
                    await _gate.PassAsync().WaitAsync(context.RequestAborted);
                    context.Response.StatusCode = 503;
                }
            },
        }, Deadline.Token());
        await using var front = await HttpUpstream.StartAsync(Loopbacks.Redirecting(() => target.Address), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(
            hasCertificateOnlyAfterTheSwap ? Pki.Trusting() : Identities.Policy(1), client => client.AddHttpMessageHandler(() => new SendAgainHandler()));
        var answer = rotation.Client.GetAsync(front.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        rotation.PassGrace();
        _gate.Open();

        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        Assert.Equal([hasCertificateOnlyAfterTheSwap ? null : Identities.Subject(1), Identities.Subject(2)], front.Requests.Select(request => request.ClientCertificate));
        Assert.Equal([null, null], target.Requests.Select(request => request.ClientCertificate));
        Assert.Equal(2, target.Connections);
        await rotation.Client.GetAsync(target.Address, Deadline.Token());
        Assert.Equal(Identities.Subject(2), target.Requests.Last().ClientCertificate);
    }

    [Fact]
    public async Task ARequestThatTheDeadlineEnded_IsRetriedUnderTheNewCertificate()
    {
        var attempts = 0;
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with
        {
            Respond = async context =>
            {
                if (Interlocked.Increment(ref attempts) == 1)
                {
                    await _gate.PassAsync().WaitAsync(context.RequestAborted);
                }

                await context.Response.WriteAsync("done", context.RequestAborted);
            },
        }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1), client => client.AddResilienceHandler("retry", pipeline => pipeline.AddRetry(
            new HttpRetryStrategyOptions { MaxRetryAttempts = 1, Delay = TimeSpan.Zero })));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        rotation.PassDeadline();

        Assert.Equal("done", await answer);
        Assert.Equal([Identities.Subject(1), Identities.Subject(2)], server.Requests.Select(request => request.ClientCertificate));
    }

    private sealed class SlowProxy(Action asked) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination)
        {
            asked();
            return null;
        }

        public bool IsBypassed(Uri host) => false;
    }

    /// <summary>Redirects, but only behind the gate, and answers /done at once.</summary>
    private Task<HttpUpstream> RedirectingAsync(Func<Uri> target)
    {
        var redirecting = Loopbacks.Redirecting(target);
        return HttpUpstream.StartAsync(redirecting with
        {
            Respond = async context =>
            {
                if (context.Request.Path != "/done")
                {
                    await _gate.PassAsync().WaitAsync(context.RequestAborted);
                }

                await redirecting.Respond(context);
            },
        }, Deadline.Token());
    }
}
