using System.Net;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>
/// Over HTTP/2, a request may wait, unsent, behind another request's write. Its pool stays open until the write ends or
/// the drain timeout is over, even if no request may be sent twice.
/// </summary>
public class WaitingWriteTests
{
    private volatile Gate? _shut;

    [Theory]
    [InlineData("h2", false)]
    [InlineData("h2,http/1.1", false)]
    [InlineData("h2", true)]
    [InlineData("h2,http/1.1", true)]
    public async Task RequestsBehindAWriteThatWaits_AreAnsweredOnTheirConnection(string alpn, bool throughProxy)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn), client => client
            .ConfigureHttpClient(client => client.DefaultRequestVersion = HttpVersion.Version20)
            .ConfigurePrimaryHttpMessageHandler(
                () => StallingStream.Handler(() => _shut, throughProxy ? new WebProxy(proxy.Address) : null)));
        await rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        var gate = _shut = new Gate();
        using var content = new ByteArrayContent(new byte[64 * 1024]);
        var upload = rotation.Client.PostAsync(server.Address, content, Deadline.Token());
        await gate.ArrivalAsync();
        await CountedAsync(rotation);
        var waiting = Enumerable.Range(0, 3)
            .Select(_ => rotation.Client.GetStringAsync(server.Address, Deadline.Token())).ToArray();

        rotation.Swap(Identities.Policy(2, alpn));
        for (var second = 0; second < 5; second++)
        {
            rotation.PassGrace();
        }

        _shut = null;
        gate.Open();

        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal("HTTP/2", answer));
        using var answer = await upload;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(5, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Equal(Identities.Subject(1), request.ClientCertificate));

        rotation.PassGrace();
        rotation.PassGrace();
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARequestThatWaitsForTheOnlyConnection_IsSentUnderTheNextGeneration_AtTheDeadline(
        bool throughProxy)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, "http/1.1"), client => client
            .ConfigurePrimaryHttpMessageHandler(() =>
            {
                var handler = StallingStream.Handler(() => _shut, throughProxy ? new WebProxy(proxy.Address) : null);
                (handler.AllowAutoRedirect, handler.MaxConnectionsPerServer) = (true, 1);
                return handler;
            }));
        await rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        var gate = _shut = new Gate();
        using var content = new ByteArrayContent(new byte[64 * 1024]);
        var upload = rotation.Client.PostAsync(server.Address, content, Deadline.Token());
        await gate.ArrivalAsync();
        await CountedAsync(rotation);
        var waiting = rotation.Client.GetStringAsync(server.Address, Deadline.Token());

        rotation.Swap(Identities.Policy(2, "http/1.1"));
        _shut = null;
        rotation.PassDeadline();
        gate.Open();
        await Assert.ThrowsAsync<HttpRequestException>(() => upload);

        Assert.Equal("HTTP/1.1", await waiting);
        Assert.Equal(Identities.Subject(2), server.Requests.Last().ClientCertificate);
    }

    /// <summary>A write that waits is counted a moment after it began.</summary>
    private static Task CountedAsync(RotatingUpstream rotation)
    {
        // Whatever was before the write does not count.
        _ = rotation.Upstream.Current.WasBusy();
        return Deadline.UntilAsync(rotation.Upstream.Current.WasBusy);
    }
}
