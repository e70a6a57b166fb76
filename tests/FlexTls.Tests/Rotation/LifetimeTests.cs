using System.Net.Sockets;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>Handlers and service providers may go at any time of a drain.</summary>
public class LifetimeTests
{
    private readonly Gate _gate = new();

    [Theory]
    [InlineData("http/1.1", false)]
    [InlineData("http/1.1", true)]
    [InlineData("h2", false)]
    [InlineData("h2", true)]
    public async Task AHandlerThatTheFactoryDisposesDuringADrain_EndsNothingThatIsUnderWay(string alpn, bool passesGraceFirst)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        var old = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        rotation.Swap(Identities.Policy(2, alpn));
        var young = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();
        if (passesGraceFirst)
        {
            rotation.PassGrace();
        }

        // What the factory does when the lifetime of a handler is over and nobody has a client of it any more.
        ClientHandler.OursOf(rotation.Host, "orders")!.Dispose();
        Assert.Equal((1, 1), rotation.Counts);
        rotation.PassGrace();
        _gate.Open();

        Assert.Equal(["done", "done"], await Task.WhenAll(old, young));
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => rotation.Client.GetStringAsync(server.Address, Deadline.Token()));
        rotation.Swap(Identities.Policy(3, alpn));
        rotation.PassDeadline();
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task AHandlerThatIsDisposed_IsStillDrainedAtTheDeadline(string alpn)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        ClientHandler.OursOf(rotation.Host, "orders")!.Dispose();
        rotation.Swap(Identities.Policy(2));
        rotation.PassDeadline();

        AnswerTests.AssertReason(await Assert.ThrowsAsync<HttpRequestException>(() => answer));
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Fact]
    public async Task AServiceProviderThatIsDisposedDuringADrain_LetsItGoOn()
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var upstream = rotation.Upstream;
        var answers = new[] { rotation.Client.GetStringAsync(server.Address, Deadline.Token()), rotation.Client.GetStringAsync(new Uri(server.Address, "/never"), Deadline.Token()) };
        await _gate.ArrivalAsync();
        await _gate.ArrivalAsync();
        rotation.Swap(Identities.Policy(2));

        await rotation.DisposeAsync();
        rotation.PassGrace();
        _gate.Open();

        Assert.Equal("done", await answers[0]);
        Assert.Equal(1, upstream.DrainingConnections);
        rotation.PassDeadline();
        AnswerTests.AssertReason(await Assert.ThrowsAsync<HttpRequestException>(() => answers[1]));
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal(0, upstream.DrainingConnections);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATransportThatFailsToClose_HoldsNothingElseUp(bool isRefused)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, "http/1.1"), client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            ConnectCallback = async (connection, ct) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(connection.DnsEndPoint, ct);
                return new FailingToCloseStream(socket);
            },
        }));
        var answers = Enumerable.Range(0, 3).Select(_ => rotation.Client.GetStringAsync(server.Address, Deadline.Token())).ToList();
        for (var i = 0; i < 3; i++)
        {
            await _gate.ArrivalAsync();
        }

        rotation.Swap(isRefused ? Pki.Trusting(Pki.Foreign) : Identities.Policy(2, "http/1.1"));
        rotation.PassDeadline();

        foreach (var answer in answers)
        {
            Assert.Contains("FlexTls closed the connection",
                Reasons.Of(await Assert.ThrowsAsync<HttpRequestException>(() => answer)), StringComparison.Ordinal);
        }

        Assert.Equal((0, 0), rotation.Counts);
    }

    private Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(Loopbacks.Asking() with
    {
        Respond = async context =>
        {
            if (context.Request.Path == "/never")
            {
                _gate.Arrive();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            await _gate.PassAsync().WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("done", context.RequestAborted);
        },
    }, Deadline.Token());
}
