using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>A request that waited for its connection while the policy was replaced gets through.</summary>
public class WaitingRequestTests
{
    private readonly Gate _gate = new();
    private int _atOnce;
    private int _mostAtOnce;

    [Theory]
    [InlineData("http/1.1", 1)]
    [InlineData("h2", 1)]
    [InlineData("http/1.1", 3)]
    [InlineData("h2", 3)]
    public async Task AHandshakeUnderWay_IsMadeAgainUnderTheNewCertificate(string alpn, int swaps)
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with { BeforeTls = _gate.PassAsync }, Deadline.Token());
        var greetings = new Gate();
        await using var rotation = RotatingUpstream.Under(
            Identities.Policy(1, alpn), client => client.ConfigurePrimaryHttpMessageHandler(() => GreetingStream.Handler(greetings)));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await greetings.ArrivalAsync();

        for (var number = 2; number <= 1 + swaps; number++)
        {
            rotation.Swap(Identities.Policy(number, alpn));
            rotation.PassGrace();
        }

        Assert.Equal((0, 0), rotation.Counts);
        _gate.Open();

        await answer;
        Assert.Equal(Identities.Subject(1 + swaps), Assert.Single(server.Requests).ClientCertificate);

        // Each swap gives up the handshake that it meets, if one has begun by then.
        Assert.InRange(server.Connections, 2, 1 + swaps);
        Assert.Equal(0, rotation.Upstream.DrainingConnections);
    }

    [Theory]
    [InlineData("h2,http/1.1", "http/1.1", "HTTP/1.1")]
    [InlineData("h2,http/1.1", "h2", "HTTP/2")]
    [InlineData("http/1.1", "h2,http/1.1", "HTTP/1.1")]
    [InlineData("h2", "h2,http/1.1", "HTTP/2")]
    public async Task AHandshakeUnderWay_WhileTheApplicationProtocolsChange_IsMadeAgain(string before, string after, string seen)
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with { BeforeTls = _gate.PassAsync }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, before));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, after));
        _gate.Open();

        Assert.Equal(seen, await answer);
        Assert.Equal(Identities.Subject(2), Assert.Single(server.Requests).ClientCertificate);
    }

    [Theory]
    [InlineData("http/1.1", "h2")]
    [InlineData("h2", "http/1.1")]
    public async Task AHandshakeUnderWay_WhileItsApplicationProtocolIsTakenAway_GoesOnUnderTheNewOne(
        string before, string after)
    {
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { BeforeTls = _gate.PassAsync }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, before));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, after));
        _gate.Open();

        Assert.Equal(after == "h2" ? "HTTP/2" : "HTTP/1.1", await answer);
        Assert.Equal(Identities.Subject(2), Assert.Single(server.Requests).ClientCertificate);
    }

    [Theory]
    [InlineData("http/1.1", "h2")]
    [InlineData("h2", "http/1.1")]
    public async Task AHandshakeUnderWay_WhileItsApplicationProtocolIsTakenAway_FailsWhereNothingIsSentTwice(
        string before, string after)
    {
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { BeforeTls = _gate.PassAsync }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(
            Identities.Policy(1, before),
            client => client.ConfigurePrimaryHttpMessageHandler(
                () => new SocketsHttpHandler { AllowAutoRedirect = false }));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, after));
        _gate.Open();

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Contains($"the policy of upstream 'orders' allows only {after}", failed.Message,
            StringComparison.Ordinal);
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Empty(server.Requests);
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Fact]
    public async Task ARequestThatWaitsForTheOnlyConnection_GetsThrough()
    {
        await using var server = await StartAsync();
        await using var rotation = OneConnection();
        var first = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        var waiting = rotation.Client.GetStringAsync(server.Address, Deadline.Token());

        rotation.Swap(Identities.Policy(2, "http/1.1"));
        rotation.PassGrace();
        var next = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        _gate.Open();

        Assert.Equal(["done", "done", "done"], await Task.WhenAll(first, waiting, next));
        Assert.Equal(Identities.Subject(2), server.Requests.ElementAt(1).ClientCertificate);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task ARequestThatWaitsForTheOnlyConnection_GetsANewOneUnderTheNewCertificate_IfTheServerClosesTheOld()
    {
        await using var server = await StartAsync(closes: true);
        await using var rotation = OneConnection();
        var first = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        var waiting = rotation.Client.GetStringAsync(server.Address, Deadline.Token());

        rotation.Swap(Identities.Policy(2, "http/1.1"));
        rotation.PassGrace();
        _gate.Open();

        Assert.Equal(["done", "done"], await Task.WhenAll(first, waiting));
        Assert.Equal([Identities.Subject(1), Identities.Subject(2)], server.Requests.Select(request => request.ClientCertificate));
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task ARequestThatWaitsForTheOnlyConnection_OutlivesItsEndAtTheDeadline(string alpn)
    {
        await using var server = await StartAsync(streams: 1);
        await using var rotation = OneConnection(alpn);
        var first = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        var waiting = rotation.Client.GetStringAsync(server.Address, Deadline.Token());

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.PassDeadline();
        await Assert.ThrowsAsync<HttpRequestException>(() => first);
        _gate.Open();

        Assert.Equal("done", await waiting);
        Assert.Equal([Identities.Subject(1), Identities.Subject(2)], server.Requests.Select(request => request.ClientCertificate));
    }

    [Fact]
    public async Task AHandshakeThatFailsDuringTheSwap_FailsAsItWould()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(Loopbacks.ForeignCertificate) with { BeforeTls = _gate.PassAsync }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        _gate.Open();

        Assert.Contains("FTLS5003", Reasons.Of(await Assert.ThrowsAsync<HttpRequestException>(() => answer)), StringComparison.Ordinal);
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Fact]
    public async Task AHandshakeUnderWayThatOnlyTheNewPolicyAccepts_GetsThrough()
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(Loopbacks.ForeignCertificate) with { BeforeTls = _gate.PassAsync }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        var options = Identities.Policy(2);
        options.TrustedCA = Pki.Foreign.Pem;

        rotation.Swap(options);
        _gate.Open();

        await answer;
        Assert.Equal(Identities.Subject(2), Assert.Single(server.Requests).ClientCertificate);
    }

    [Fact]
    public async Task ARequestThatWaitsForAStreamOfHttp2_GetsThrough()
    {
        await using var server = await StartAsync(streams: 1);
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, "h2"));
        var first = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        var waiting = Enumerable.Range(0, 5).Select(_ => rotation.Client.GetStringAsync(server.Address, Deadline.Token())).ToList();

        rotation.Swap(Identities.Policy(2, "h2"));
        rotation.PassGrace();
        rotation.PassGrace();
        _gate.Open();

        Assert.Equal("done", await first);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal("done", answer));
        Assert.Equal(1, _mostAtOnce);
    }

    /// <summary>With pings, which keep the pool of a replaced generation open.</summary>
    private static RotatingUpstream OneConnection(string alpn = "http/1.1") => RotatingUpstream.Under(
        Identities.Policy(1, alpn), client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            KeepAlivePingDelay = TimeSpan.FromSeconds(1),
        }));

    private Task<HttpUpstream> StartAsync(bool closes = false, int streams = 100) => HttpUpstream.StartAsync(Loopbacks.Asking() with
    {
        Services = services => services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.Http2.MaxStreamsPerConnection = streams),
        Respond = async context =>
        {
            _mostAtOnce = Math.Max(_mostAtOnce, Interlocked.Increment(ref _atOnce));
            await _gate.PassAsync().WaitAsync(context.RequestAborted);
            Interlocked.Decrement(ref _atOnce);
            if (closes)
            {
                context.Response.Headers.Connection = "close";
            }

            await context.Response.WriteAsync("done", context.RequestAborted);
        },
    }, Deadline.Token());
}
