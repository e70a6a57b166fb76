using System.Text;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>A request that was under way at the swap is answered to its end, or is ended at the deadline and told why.</summary>
public class AnswerTests
{
    private readonly Gate _gate = new();

    [Theory]
    [InlineData("http/1.1", "/late")]
    [InlineData("http/1.1", "/slow")]
    [InlineData("h2", "/late")]
    [InlineData("h2", "/slow")]
    public async Task AnAnswer_GoesOnOverTheSwapAndTheEndOfItsPool(string alpn, string path)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        var answer = rotation.Client.GetStringAsync(new Uri(server.Address, path), Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.PassGrace();
        rotation.Clock.Advance(TimeSpan.FromSeconds(28));
        Assert.Equal((0, 1), rotation.Counts);
        _gate.Open();

        Assert.Equal("first,second", await answer);
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal(Identities.Subject(1), Assert.Single(server.Requests).ClientCertificate);
        Assert.Equal((0, 0), rotation.Counts);
        rotation.PassDeadline();
        Assert.Empty(rotation.Log.Warnings);
    }

    [Theory]
    [InlineData("http/1.1", "/late")]
    [InlineData("http/1.1", "/slow")]
    [InlineData("h2", "/late")]
    [InlineData("h2", "/slow")]
    public async Task AnAnswerThatLastsLonger_IsEndedAtTheDeadlineWithTheReason(string alpn, string path)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        var answer = rotation.Client.GetStringAsync(new Uri(server.Address, path), Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.PassDeadline();

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        AssertReason(failed);
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
        AssertOneWarning(rotation, 1);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task AStreamOfAnAnswer_IsEndedAtTheDeadlineWithTheReason(string alpn)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        await using var answer = await rotation.Client.GetStreamAsync(new Uri(server.Address, "/slow"), Deadline.Token());
        var buffer = new byte[64];
        Assert.Equal("first,", Encoding.ASCII.GetString(buffer, 0, await answer.ReadAsync(buffer, Deadline.Token())));
        var pending = answer.ReadAsync(buffer, Deadline.Token()).AsTask();

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.PassDeadline();

        AssertReason(await Assert.ThrowsAnyAsync<IOException>(() => pending));
        AssertOneWarning(rotation, 1);
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task AStreamThatIsReadOnlyAfterTheDeadline_HasTheReasonToo(string alpn)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        await using var answer = await rotation.Client.GetStreamAsync(new Uri(server.Address, "/slow"), Deadline.Token());
        var buffer = new byte[64];
        Assert.Equal("first,", Encoding.ASCII.GetString(buffer, 0, await answer.ReadAsync(buffer, Deadline.Token())));

        rotation.Swap(Identities.Policy(2, alpn));
        rotation.PassDeadline();
        await server.EndOfAllAsync(Deadline.Token());

        AssertReason(await Assert.ThrowsAnyAsync<IOException>(() => answer.ReadAsync(buffer, Deadline.Token()).AsTask()));
    }

    [Fact]
    public async Task ASynchronousRequest_IsEndedAtTheDeadlineWithTheReason()
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/late"));
        var answer = Task.Factory.StartNew(() => rotation.Client.Send(request, Deadline.Token()), TaskCreationOptions.LongRunning);
        await _gate.ArrivalAsync();

        rotation.Swap(Identities.Policy(2));
        rotation.PassDeadline();

        AssertReason(await Assert.ThrowsAsync<HttpRequestException>(() => answer));
    }

    [Theory]
    [InlineData("http/1.1", 20)]
    [InlineData("h2", 1)]
    public async Task ManyConnections_AreOneWarningWithTheirCount(string alpn, int connections)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn));
        var answers = Enumerable.Range(0, 20).Select(_ => rotation.Client.GetStringAsync(new Uri(server.Address, "/late"), Deadline.Token())).ToList();
        foreach (var _ in answers)
        {
            await _gate.ArrivalAsync();
        }

        Assert.Equal((connections, 0), rotation.Counts);
        rotation.Swap(Identities.Policy(2, alpn));
        Assert.Equal((0, connections), rotation.Counts);
        rotation.PassDeadline();

        foreach (var answer in answers)
        {
            AssertReason(await Assert.ThrowsAsync<HttpRequestException>(() => answer));
        }

        AssertOneWarning(rotation, connections);
        Assert.Equal((0, 0), rotation.Counts);
    }

    internal static void AssertReason(Exception failed) =>
        Assert.Contains(
            "FTLS6014: FlexTls closed the connection to upstream 'orders': generation 1 of its policy was replaced, "
            + "and what was under way had 30 s to finish",
            Reasons.Of(failed), StringComparison.Ordinal);

    internal static void AssertOneWarning(RotatingUpstream rotation, int count) =>
        Assert.Equal(
            $"Upstream 'orders': closed {(count == 1 ? "1 connection" : $"{count} connections")} of generation 1: what was under way had 30 s to finish (drainTimeout).",
            Assert.Single(rotation.Log.Lines, line => line.Level >= LogLevel.Warning).Text);

    /// <summary>Answers /late only behind the gate, and /slow one half before it and one behind.</summary>
    private Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(Loopbacks.Asking() with
    {
        Respond = async context =>
        {
            if (context.Request.Path == "/slow")
            {
                await context.Response.WriteAsync("first,", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await _gate.PassAsync().WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync("second", context.RequestAborted);
                return;
            }

            await _gate.PassAsync().WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("first,second", context.RequestAborted);
        },
    }, Deadline.Token());
}
