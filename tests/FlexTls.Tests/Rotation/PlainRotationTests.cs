using System.Net;
using System.Net.WebSockets;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>Connections without TLS belong to their generation too: none outlives the policy that allows it.</summary>
public class PlainRotationTests
{
    private readonly Gate _gate = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ARequestThatWaitsForItsConnection_IsNotSentAnyMore(bool isThroughAProxy)
    {
        await using var proxy = RecordingProxy.Start();
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Policy(isAllowed: true), client =>
            client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                UseProxy = isThroughAProxy,
                Proxy = new WebProxy(proxy.Address),
                ConnectCallback = async (connection, ct) =>
                {
                    await _gate.PassAsync();
                    return await TestKit.Loopback.ConnectAsync(connection.DnsEndPoint.Port, ct);
                },
            }));
        var answer = rotation.Client.GetStringAsync(server.Address, Deadline.Token());
        await _gate.ArrivalAsync();

        rotation.Swap(Policy(isAllowed: false));
        _gate.Open();

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => answer);
        Assert.Contains("FTLS6020", Reasons.Of(failed), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        await Deadline.UntilAsync(() => rotation.Counts == (0, 0));
    }

    [Fact]
    public async Task AWebSocket_IsClosedAtOnce()
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Policy(isAllowed: true));
        using var socket = await ConnectAsync(rotation, server);
        Assert.Equal((1, 0), rotation.Counts);

        rotation.Swap(Policy(isAllowed: false));

        await Assert.ThrowsAnyAsync<Exception>(() => socket.ReceiveAsync(new byte[1], Deadline.Token()));
        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
        Assert.Single(rotation.Log.Warnings, line => line.Contains("closed 1 connection of generation 1 without TLS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhereTheNextPolicyAllowsItToo_ItIsDrainedLikeAnyOther()
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Policy(isAllowed: true));
        using var socket = await ConnectAsync(rotation, server);

        var next = Policy(isAllowed: true);
        next.MinVersion = TlsVersion.Tls13;
        rotation.Swap(next);
        Assert.Equal((0, 1), rotation.Counts);
        rotation.PassDeadline();

        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Fact]
    public async Task WhereTheClientAllowsIt_ThePolicyEndsNothing()
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Policy(isAllowed: true), client => client.DangerousAllowPlainHttp());
        using var socket = await ConnectAsync(rotation, server);

        rotation.Swap(Policy(isAllowed: false));

        Assert.Equal((0, 1), rotation.Counts);
    }

    private static async Task<ClientWebSocket> ConnectAsync(RotatingUpstream rotation, HttpUpstream server)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(
            new UriBuilder(server.Address) { Scheme = Uri.UriSchemeWs }.Uri, rotation.Client, Deadline.Token());
        return socket;
    }

    private static OutboundTlsOptions Policy(bool isAllowed)
    {
        var options = Pki.Trusting();
        options.Extensions = new OutboundTlsExtensionOptions { DangerousAllowPlainHttp = isAllowed };
        return options;
    }

    private static Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(Pki.EcServer)
        {
            IsPlain = true,
            Protocols = HttpProtocols.Http1,
            Configure = app => app.UseWebSockets(),
            Respond = async context =>
            {
                if (!context.WebSockets.IsWebSocketRequest)
                {
                    await context.Response.WriteAsync("done", context.RequestAborted);
                    return;
                }

                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                _ = await socket.ReceiveAsync(new byte[1].AsMemory(), context.RequestAborted);
            },
        },
        Deadline.Token());
}
