using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>What is under way has the drainTimeout of the policy in force, but not longer than the old client certificate is valid.</summary>
public class DrainDeadlineTests
{
    private readonly Gate _gate = new();

    [Theory]
    [InlineData(10, 10)]
    [InlineData(3, 5)]
    [InlineData(-60, 5)]
    public async Task AClientCertificateThatExpiresSooner_IsTheDeadline_ButNotBelowFiveSeconds(int validSeconds, int endsAfterSeconds)
    {
        await using var server = await StartAsync();
        var notAfter = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3600);
        await using var rotation = RotatingUpstream.Under(Identities.Expiring(1, notAfter));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Clock.SetUtcNow(notAfter - TimeSpan.FromSeconds(validSeconds));
        rotation.Swap(Identities.Policy(2));
        rotation.Clock.Advance(TimeSpan.FromSeconds(endsAfterSeconds) - TimeSpan.FromMilliseconds(1));
        Assert.Equal((0, 1), rotation.Counts);
        rotation.Clock.Advance(TimeSpan.FromMilliseconds(1));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Contains(
            "FTLS6014: FlexTls closed the connection to upstream 'orders': generation 1 of its policy was replaced, "
            + "and the client certificate that the connection had presented has expired",
            Reasons.Of(failed), StringComparison.Ordinal);
        Assert.Single(rotation.Log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("closed 1 connection of generation 1: the client certificate", StringComparison.Ordinal));
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Fact]
    public async Task TheDrainTimeoutOfThePolicyInForce_Counts()
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(With(TimeSpan.FromSeconds(10), 1));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(With(TimeSpan.FromMilliseconds(500), 2));
        rotation.Clock.Advance(TimeSpan.FromMilliseconds(500));

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Contains("what was under way had 0.5 s to finish (drainTimeout)", Reasons.Of(failed), StringComparison.Ordinal);
        await server.EndOfAllAsync(Deadline.Token());
        rotation.PassDeadline();
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Fact]
    public async Task EachOfManyGenerations_HasADeadlineOfItsOwn()
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        var answers = new List<Task<string>>();
        for (var number = 1; number <= 3; number++)
        {
            answers.Add(rotation.Client.GetStringAsync(server.Address, Deadline.Token()));
            await _gate.ArrivalAsync();
            rotation.Swap(Identities.Policy(number + 1));
            rotation.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => answers[0]);
        Assert.Equal((0, 2), rotation.Counts);
        rotation.Clock.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<HttpRequestException>(() => answers[1]);
        Assert.Equal((0, 1), rotation.Counts);
        _gate.Open();
        Assert.Equal("done", await answers[2]);
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
    }

    private static OutboundTlsOptions With(TimeSpan drainTimeout, int number)
    {
        var options = Identities.Policy(number);
        options.Extensions = new OutboundTlsExtensionOptions { DrainTimeout = drainTimeout };
        return options;
    }

    private Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(Loopbacks.Asking() with
    {
        Respond = async context =>
        {
            await _gate.PassAsync().WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("done", context.RequestAborted);
        },
    }, Deadline.Token());
}
