using System.Net;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>Through a proxy the platform makes TLS by itself; a swap does there what it does elsewhere.</summary>
public class ProxyRotationTests
{
    private readonly Gate _gate = new();

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task NewTunnels_PresentTheNewCertificate_AndIdleOnesAreClosedAfterTheGrace(string alpn)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await StartAsync();
        await using var rotation = Through(proxy.Address, Identities.Policy(1, alpn));
        await rotation.Client.GetStringAsync(new Uri(server.Address, "/now"), Deadline.Token());
        Assert.Equal((1, 0), rotation.Counts);

        rotation.Swap(Identities.Policy(2, alpn));
        Assert.Equal((0, 1), rotation.Counts);
        await rotation.Client.GetStringAsync(new Uri(server.Address, "/now"), Deadline.Token());
        rotation.PassGrace();

        await server.EndOfAsync(server.Requests.First().ConnectionId, Deadline.Token());
        Assert.Equal([Identities.Subject(1), Identities.Subject(2)], server.Requests.Select(request => request.ClientCertificate));
        Assert.Equal((1, 0), rotation.Counts);
        rotation.PassDeadline();
        Assert.Equal((1, 0), rotation.Counts);
        Assert.Empty(rotation.Log.Warnings);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task ATunnelUnderWay_GoesOnAndIsEndedAtTheDeadlineWithTheReason(string alpn)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await StartAsync();
        await using var rotation = Through(proxy.Address, Identities.Policy(1, alpn));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal((0, 1), rotation.Counts);
        rotation.Clock.Advance(TimeSpan.FromSeconds(1));

        AnswerTests.AssertReason(await Assert.ThrowsAsync<HttpRequestException>(() => answer));
        AnswerTests.AssertOneWarning(rotation, 1);
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Theory]
    [InlineData("tinyproxy")]
    [InlineData("microsocks")]
    public async Task ThroughProxiesThatPeopleRun_ItIsTheSame(string program)
    {
        await using var proxy = await ExternalProxy.StartAsync(program, Deadline.Token());
        await using var server = await StartAsync();
        await using var rotation = Through(proxy.Address, Identities.Policy(1));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        await rotation.Client.GetStringAsync(new Uri(server.Address, "/now"), Deadline.Token());
        rotation.PassDeadline();

        AnswerTests.AssertReason(await Assert.ThrowsAsync<HttpRequestException>(() => answer));
        Assert.Equal([Identities.Subject(1), Identities.Subject(2)], server.Requests.Select(request => request.ClientCertificate));
        Assert.Equal((1, 0), rotation.Counts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATunnel_IsJudgedByTheNewPolicy(bool isAccepted)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await StartAsync();
        await using var rotation = Through(proxy.Address, Identities.Policy(1));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(isAccepted ? Identities.Policy(2) : Pki.Trusting(Pki.Foreign));
        _gate.Open();

        if (isAccepted)
        {
            Assert.Equal("done", await answer);
            return;
        }

        Assert.Contains("FTLS5003", Reasons.Of(await Assert.ThrowsAsync<HttpRequestException>(() => answer)), StringComparison.Ordinal);
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARequestThatWaitsForTheOnlyTunnel_GetsThrough(bool closes)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await StartAsync(closes);
        await using var rotation = Through(proxy.Address, Identities.Policy(1, "http/1.1"), mostConnections: 1);
        var first = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        var waiting = rotation.Client.GetStringAsync(server.Address, Deadline.Token());

        rotation.Swap(Identities.Policy(2, "http/1.1"));
        rotation.PassGrace();
        rotation.PassGrace();
        _gate.Open();

        Assert.Equal(["done", "done"], await Task.WhenAll(first, waiting));
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Fact]
    public async Task AQueueOfHttp11_BehindAHandlerThatFollowsNoRedirects_GetsThrough()
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await StartAsync(closes: true);
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, "h2,http/1.1"), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                Proxy = new WebProxy(proxy.Address),
                MaxConnectionsPerServer = 1,
                AllowAutoRedirect = false,
            }));
        var answers = Enumerable.Range(0, 4).Select(_ => SendAsync(rotation.Client, server.Address)).ToList();
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, "h2,http/1.1"));
        rotation.PassGrace();
        rotation.PassGrace();
        _gate.Open();

        Assert.All(await Task.WhenAll(answers), Assert.True);

        static async Task<bool> SendAsync(HttpClient client, Uri address)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address)
            {
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await client.SendAsync(request, Deadline.Token());
            return response.IsSuccessStatusCode;
        }
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task ACallerThatSuppressesTheExecutionContext_GetsThrough(string alpn)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await StartAsync();
        await using var rotation = Through(proxy.Address, Identities.Policy(1, alpn));
        Task<string> answer;
        using (ExecutionContext.SuppressFlow())
        {
            answer = rotation.Client.GetStringAsync(new Uri(server.Address, "/now"), Deadline.Token());
            Assert.True(ExecutionContext.IsFlowSuppressed());
        }

        Assert.Equal("done", await answer);
    }

    [Fact]
    public async Task AProxyThatIsSlowToConnect_DoesNotLoseTheRequest()
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await StartAsync();
        var slow = new Gate();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1), client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            Proxy = new WebProxy(proxy.Address),
            ConnectCallback = async (connection, ct) =>
            {
                await slow.PassAsync();
                return await TestKit.Loopback.ConnectAsync(connection.DnsEndPoint.Port, ct);
            },
        }));
        var answer = rotation.Client.GetStringAsync(new Uri(server.Address, "/now"), Deadline.Token());
        await slow.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        rotation.Clock.Advance(TimeSpan.FromSeconds(20));
        slow.Open();

        Assert.Equal("done", await answer);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task AServerThatIsSlowToAnswerBehindAProxy_DoesNotLoseTheRequest(string alpn)
    {
        await using var proxy = RecordingProxy.Start();
        var slow = new Gate();
        await using var server = await HttpUpstream.StartAsync(
            Loopbacks.Asking() with { BeforeTls = () => slow.PassAsync() }, Deadline.Token());
        await using var rotation = Through(proxy.Address, Identities.Policy(1, alpn));
        var answer = rotation.Client.GetAsync(server.Address, Deadline.Token());
        await slow.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.PassGrace();
        rotation.PassGrace();
        slow.Open();

        using var response = await answer;
        Assert.True(response.IsSuccessStatusCode);
        Assert.Single(server.Requests);
    }

    private static RotatingUpstream Through(Uri proxy, OutboundTlsOptions options, int mostConnections = int.MaxValue) => RotatingUpstream.Under(
        options, client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { Proxy = new WebProxy(proxy), MaxConnectionsPerServer = mostConnections }));

    private Task<HttpUpstream> StartAsync(bool closes = false) => HttpUpstream.StartAsync(Loopbacks.Asking() with
    {
        Respond = async context =>
        {
            if (context.Request.Path != "/now")
            {
                await _gate.PassAsync().WaitAsync(context.RequestAborted);
            }

            if (closes)
            {
                context.Response.Headers.Connection = "close";
            }

            await context.Response.WriteAsync("done", context.RequestAborted);
        },
    }, Deadline.Token());
}
