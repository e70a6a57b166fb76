using System.Net.WebSockets;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace FlexTls.Proxies;

/// <summary>WebSockets through a proxy, over either version of HTTP on both sides.</summary>
public class WebSocketTests : ProxyContext
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task AWebSocket_IsUnderThePolicy(string version)
    {
        await using var server = await StartEchoAsync(HttpProtocols.Http1AndHttp2);
        await using var gateway = new Gateway();
        gateway.Write("orders");
        await gateway.StartAsync(Gateway.Cluster("orders", server));

        await PingAsync(gateway, Version.Parse(version));

        Assert.Equal(["CN=orders"], Subjects(server));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task AWebSocket_ReachesAnUpstreamWithoutHttp2_AlsoAfterARenewal(string version)
    {
        await using var server = await StartEchoAsync(HttpProtocols.Http1);
        await using var gateway = new Gateway();
        gateway.Write("orders");
        await gateway.StartAsync(Gateway.Cluster("orders", server));

        await PingAsync(gateway, Version.Parse(version));
        gateway.Write("orders", "renewed");
        await gateway.ReloadAsync();
        await PingAsync(gateway, Version.Parse(version));

        Assert.Equal(["CN=orders", "CN=renewed"], Subjects(server));
    }

    private static Task<HttpUpstream> StartEchoAsync(HttpProtocols protocols) => StartAsync(options => options with
    {
        Protocols = protocols,
        Configure = app => app.UseWebSockets(),
        Respond = EchoAsync,
    });

    private static async Task PingAsync(Gateway gateway, Version version)
    {
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = version;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var address = version.Major == 2 ? gateway.Http2Address : gateway.Address;
        var ct = Deadline.Token();

        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/orders/x" }.Uri, invoker, ct);
        await socket.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Text, true, ct);
        var answer = new byte[16];
        var read = await socket.ReceiveAsync(answer, ct);
        Assert.Equal("ping"u8, answer.AsSpan(0, read.Count));
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var message = new byte[16];
        var read = await socket.ReceiveAsync(message, context.RequestAborted);
        await socket.SendAsync(message.AsMemory(0, read.Count), read.MessageType, true, context.RequestAborted);
        await socket.ReceiveAsync(message, context.RequestAborted);
    }
}
