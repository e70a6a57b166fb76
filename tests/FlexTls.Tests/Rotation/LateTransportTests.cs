using System.Net;
using System.Net.Sockets;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>A connection that is ended carries nothing more, however late the user's transport is to close.</summary>
public class LateTransportTests
{
    private const int Half = 100_000;

    private readonly Gate _gate = new();
    private long _received;

    [Theory]
    [InlineData("http/1.1", false, false)]
    [InlineData("h2", false, false)]
    [InlineData("http/1.1", true, false)]
    [InlineData("h2", true, false)]
    [InlineData("http/1.1", false, true)]
    [InlineData("h2", true, true)]
    public async Task AnUploadUnderWay_IsEndedAtOnce_WithItsReason(string alpn, bool isThroughAProxy, bool isDeadline)
    {
        using var goOn = new ManualResetEventSlim();
        await using var proxy = RecordingProxy.Start();
        await using var server = await HttpUpstream.StartAsync(Loopbacks.Asking() with { Respond = ReadAsync }, Deadline.Token());
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1, alpn), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                UseProxy = isThroughAProxy,
                Proxy = new WebProxy(proxy.Address),
                ConnectCallback = async (connection, ct) =>
                {
                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(connection.DnsEndPoint, ct);
                    return new HangingToCloseStream(socket, goOn);
                },
            }));
        using var content = new GatedContent(new byte[2 * Half], _gate);
        var pending = rotation.Client.PostAsync(server.Address, content, Deadline.Token());
        await _gate.ArrivalAsync();
        await Deadline.UntilAsync(() => Volatile.Read(ref _received) == Half);

        if (isDeadline)
        {
            rotation.Swap(Identities.Policy(2, alpn));
            rotation.PassDeadline();
        }
        else
        {
            rotation.Swap(Pki.Trusting(Pki.Foreign));
        }

        _gate.Open();
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => pending);

        Assert.Contains(isDeadline ? "FTLS6014" : "FTLS5003", Reasons.Of(failed), StringComparison.Ordinal);
        Assert.Equal((0, 0), rotation.Counts);
        goOn.Set();
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal(Half, Volatile.Read(ref _received));
    }

    private async Task ReadAsync(Microsoft.AspNetCore.Http.HttpContext context)
    {
        var buffer = new byte[65_536];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;)
        {
            Interlocked.Add(ref _received, read);
        }
    }
}
