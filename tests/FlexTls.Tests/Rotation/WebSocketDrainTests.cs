using System.Net.WebSockets;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Rotation;

/// <summary>A WebSocket that was open at the swap goes on, or is ended at the deadline and told why.</summary>
public class WebSocketDrainTests
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task AWebSocket_GoesOnOverTheSwapAndTheEndOfItsPool(string version)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        using var socket = await ConnectAsync(rotation, server, version);
        await EchoesAsync(socket);

        rotation.Swap(Identities.Policy(2));
        rotation.PassGrace();
        await EchoesAsync(socket);
        Assert.Equal((0, 1), rotation.Counts);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Deadline.Token());

        await server.EndOfAllAsync(Deadline.Token());
        Assert.Equal((0, 0), rotation.Counts);
        Assert.Equal(Identities.Subject(1), Assert.Single(server.Requests).ClientCertificate);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task AWebSocketThatLastsLonger_IsEndedAtTheDeadlineWithTheReason(string version)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        using var socket = await ConnectAsync(rotation, server, version);
        await EchoesAsync(socket);
        var pending = socket.ReceiveAsync(new byte[16].AsMemory(), Deadline.Token()).AsTask();

        rotation.Swap(Identities.Policy(2));
        rotation.PassDeadline();

        AnswerTests.AssertReason(await Assert.ThrowsAsync<WebSocketException>(() => pending));
        await server.EndOfAllAsync(Deadline.Token());
        AnswerTests.AssertOneWarning(rotation, 1);
        Assert.Equal((0, 0), rotation.Counts);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task AWebSocketThatIsWrittenToAfterTheDeadline_HasTheReasonToo(string version)
    {
        await using var server = await StartAsync();
        await using var rotation = RotatingUpstream.Under(Identities.Policy(1));
        using var socket = await ConnectAsync(rotation, server, version);

        rotation.Swap(Identities.Policy(2));
        rotation.PassDeadline();
        await server.EndOfAllAsync(Deadline.Token());

        AnswerTests.AssertReason(await Assert.ThrowsAsync<WebSocketException>(async () =>
        {
            // HTTP/2 takes what is written, until it has noticed the end.
            while (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                await socket.SendAsync(new byte[16].AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, Deadline.Token());
                await Task.Yield();
            }
        }));
    }

    private static async Task<ClientWebSocket> ConnectAsync(RotatingUpstream rotation, HttpUpstream server, string version)
    {
        using var invoker = new HttpMessageInvoker(rotation.Host.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders"), disposeHandler: false);
        var socket = new ClientWebSocket();
        (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (Version.Parse(version), HttpVersionPolicy.RequestVersionExact);
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = Uri.UriSchemeWss }.Uri, invoker, Deadline.Token());
        return socket;
    }

    private static async Task EchoesAsync(ClientWebSocket socket)
    {
        await socket.SendAsync(new byte[] { 1, 2, 3 }.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, Deadline.Token());
        var buffer = new byte[16];
        Assert.Equal(3, (await socket.ReceiveAsync(buffer.AsMemory(), Deadline.Token())).Count);
    }

    private static Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(Loopbacks.Asking() with
    {
        Configure = app => app.UseWebSockets(),
        Respond = async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[16];
            while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } part)
            {
                await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, context.RequestAborted);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        },
    }, Deadline.Token());
}
