using FlexTls.Http;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>The application protocols change with the policy: what is under way keeps its own.</summary>
public class AlpnChangeTests
{
    private readonly Gate _gate = new();

    [Theory]
    [InlineData("h2", "http/1.1")]
    [InlineData("http/1.1", "h2")]
    [InlineData("h2,http/1.1", "http/1.1")]
    [InlineData("http/1.1", "h2,http/1.1")]
    public async Task RequestsUnderWay_KeepTheirProtocol_AndNewOnesHaveThatOfThePolicy_ThereAndBack(string one, string other)
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with
        {
            Respond = async context =>
            {
                if (context.Request.Path == "/held")
                {
                    await _gate.PassAsync().WaitAsync(context.RequestAborted);
                }

                await context.Response.WriteAsync(context.Request.Protocol, context.RequestAborted);
            },
        }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, one));
        var answers = new List<Task<string>>();
        var number = 1;
        foreach (var alpn in (string[])[one, other, one, other])
        {
            answers.Add(rotation.Client.GetStringAsync(new Uri(server.Address, "/held"), Deadline.Token()));
            await _gate.ArrivalAsync();
            Assert.Equal(Protocol(alpn), await rotation.Client.GetStringAsync(server.Address, Deadline.Token()));
            Assert.Equal(Identities.Subject(number), server.Requests.Last().ClientCertificate);
            rotation.Swap(Identities.Policy(++number, alpn == one ? other : one));
            rotation.PassGrace();
        }

        _gate.Open();

        Assert.Equal([Protocol(one), Protocol(other), Protocol(one), Protocol(other)], await Task.WhenAll(answers));
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
        Assert.Empty(rotation.Log.Warnings);
    }

    [Theory]
    [InlineData("http/1.1", "h2,http/1.1", "HTTP/1.1")]
    [InlineData("", "h2,http/1.1", "HTTP/1.1")]
    [InlineData("http/1.1", "h2", "HTTP/2")]
    public async Task AChangeThatIsTakenBack_LosesNoRequestThatWaitsForAConnection(
        string middle, string last, string expected)
    {
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with
        {
            Respond = async context =>
            {
                await _gate.PassAsync().WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync(context.Request.Protocol, context.RequestAborted);
            },
        }, Deadline.Token());
        Gate[] transports = [new(), new()];
        var count = -1;
        await using var rotation = RotatingUpstream.Under(
            Identities.Policy(1, "h2,http/1.1"),
            client => client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectCallback = async (connection, token) =>
                {
                    var number = Interlocked.Increment(ref count);
                    await (number < transports.Length ? transports[number].PassAsync() : Task.CompletedTask);
                    return await Loopback.ConnectAsync(connection.DnsEndPoint.Port, token);
                },
            }));

        // Both wait for one connection of HTTP/2. What comes is one of HTTP/1.1, so the second waits for another.
        var answers = new List<Task<string>> { rotation.Client.GetStringAsync(server.Address, Deadline.Token()) };
        await transports[0].ArrivalAsync();
        answers.Add(rotation.Client.GetStringAsync(server.Address, Deadline.Token()));
        rotation.Swap(Identities.Policy(2, middle));
        transports[0].Open();
        await transports[1].ArrivalAsync();
        rotation.Swap(Identities.Policy(3, last));
        transports[1].Open();
        await _gate.ArrivalAsync();
        await _gate.ArrivalAsync();
        _gate.Open();

        Assert.Equal(["HTTP/1.1", expected], (await Task.WhenAll(answers)).Order(StringComparer.Ordinal));
    }

    private static string Protocol(string alpn) => alpn.StartsWith("h2", StringComparison.Ordinal) ? "HTTP/2" : "HTTP/1.1";
}
