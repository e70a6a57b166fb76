using System.Net;
using System.Net.WebSockets;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>A <see cref="ClientWebSocket"/> over the handler of a named client stands under its policy, over both protocols.</summary>
public class WebSocketTests
{
    private const HttpVersionPolicy Exact = HttpVersionPolicy.RequestVersionExact;
    private const HttpVersionPolicy OrLower = HttpVersionPolicy.RequestVersionOrLower;

    [Theory]
    [InlineData("h2,http/1.1", "1.1", Exact, "GET HTTP/1.1", "http/1.1")]
    [InlineData("h2,http/1.1", "1.1", OrLower, "GET HTTP/1.1", "http/1.1")]
    [InlineData("h2,http/1.1", "2.0", Exact, "CONNECT HTTP/2", "h2")]
    [InlineData("http/1.1", "1.1", Exact, "GET HTTP/1.1", "http/1.1")]
    [InlineData("http/1.1", "2.0", OrLower, "GET HTTP/1.1", "http/1.1")]
    [InlineData("h2", "2.0", Exact, "CONNECT HTTP/2", "h2")]
    [InlineData("", "1.1", Exact, "GET HTTP/1.1", "")]
    public async Task AWebSocket_EchoesOverMutualTls(string alpn, string version, HttpVersionPolicy policy, string seen, string offered)
    {
        await using var server = await StartAsync();
        await using var clients = ClientHost.Under(Policies.With(alpn, Pki.MutualTls()));
        using var invoker = InvokerOf(clients);
        using var socket = SocketOf(version, policy);

        await socket.ConnectAsync(AddressOf(server), invoker, Deadline.Token());
        await EchoesAsync(socket, 10);
        await EchoesAsync(socket, 1024 * 1024);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Deadline.Token());

        var request = Assert.Single(server.Requests);
        Assert.Equal((seen, Pki.Client.Subject), ($"{request.Method} {request.Protocol}", request.ClientCertificate));
        Assert.Equal(offered, string.Join(',', Assert.Single(server.Hellos).Alpn));
        Assert.Equal("localhost", request.Hello!.ServerName);
    }

    [Theory]
    [InlineData("h2,http/1.1", "GET,CONNECT HTTP/2")]
    [InlineData("http/1.1", "GET HTTP/1.1")]
    public async Task AWebSocketBesideRequests_UsesTheSamePolicy(string alpn, string seen)
    {
        await using var server = await StartAsync();
        await using var clients = ClientHost.Under(Policies.With(alpn, Pki.MutualTls()));
        using var invoker = InvokerOf(clients);
        Assert.Equal(HttpStatusCode.BadRequest, (await clients["orders"].GetAsync(server.Address, Deadline.Token())).StatusCode);
        using var socket = SocketOf("2.0", OrLower);

        await socket.ConnectAsync(AddressOf(server), invoker, Deadline.Token());
        await EchoesAsync(socket, 10);

        var methods = string.Join(',', server.Requests.Select(request => request.Method).Distinct());
        Assert.Equal(seen, $"{methods} {Assert.Single(server.Requests.Select(request => request.Protocol).Distinct())}");
        Assert.All(server.Requests, request => Assert.Equal(Pki.Client.Subject, request.ClientCertificate));
    }

    [Theory]
    [InlineData("h2", "1.1")]
    [InlineData("http/1.1", "2.0")]
    public async Task AWebSocketOfAnotherVersionThanThePolicys_IsToldWhy(string alpn, string version)
    {
        await using var server = await StartAsync();
        await using var clients = ClientHost.Under(Policies.With(alpn, Pki.MutualTls()));
        using var invoker = InvokerOf(clients);
        using var socket = SocketOf(version, Exact);

        var failed = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(AddressOf(server), invoker, Deadline.Token()));

        Assert.Contains("the policy of upstream 'orders'", failed.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Hellos);
    }

    [Fact]
    public async Task ARefusedServer_IsToldWithOurReason()
    {
        await using var server = await StartAsync();
        await using var clients = ClientHost.Under(Pki.Trusting(Pki.Foreign));
        using var invoker = InvokerOf(clients);
        using var socket = SocketOf("1.1", Exact);

        var failed = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(AddressOf(server), invoker, Deadline.Token()));

        Assert.Equal("FTLS5003", Assert.IsType<TlsHandshakeException>(failed.InnerException!.InnerException).Code);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task AWebSocketOverAHandlerWithOneContext_IsTheFirstToConnect()
    {
        await using var server = await StartAsync();
        var context = Pki.Context(Policies.With("h2,http/1.1", Pki.MutualTls()));
        using var invoker = new HttpMessageInvoker(new OutboundTlsHandler(context));
        using var socket = SocketOf("2.0", Exact);

        await socket.ConnectAsync(AddressOf(server), invoker, Deadline.Token());
        await EchoesAsync(socket, 10);

        Assert.Equal(("CONNECT", "HTTP/2"), (Assert.Single(server.Requests).Method, server.Requests.First().Protocol));
    }

    private static Task<HttpUpstream> StartAsync() => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
            Configure = app => app.UseWebSockets(),
            Respond = async context =>
            {
                if (!context.WebSockets.IsWebSocketRequest)
                {
                    context.Response.StatusCode = 400;
                    return;
                }

                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                var buffer = new byte[4096];
                while (await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } part)
                {
                    await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, context.RequestAborted);
                }

                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            },
        },
        Deadline.Token());

    private static HttpMessageInvoker InvokerOf(ClientHost clients) =>
        new(clients.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders"), disposeHandler: false);

    private static ClientWebSocket SocketOf(string version, HttpVersionPolicy policy)
    {
        var socket = new ClientWebSocket();
        (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (Version.Parse(version), policy);
        return socket;
    }

    private static Uri AddressOf(HttpUpstream server) => new UriBuilder(server.Address) { Scheme = Uri.UriSchemeWss }.Uri;

    private static async Task EchoesAsync(ClientWebSocket socket, int size)
    {
        var sent = Bytes.Of(size);
        var sending = socket.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, Deadline.Token());
        using var received = new MemoryStream();
        var buffer = new byte[4096];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, Deadline.Token());
            received.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);

        await sending;
        Assert.Equal(sent, received.ToArray());
    }
}
