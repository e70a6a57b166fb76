using System.Net.WebSockets;
using FlexTls.Adapters.Recipes;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters.Guides;

public class WebSocketsGuideTests
{
    [Fact]
    public async Task ASocket_IsUnderThePolicyOfTheClient()
    {
        await using var server = await StartAsync(isForeign: false);
        await using var tenants = Create();

        var state = await WebSocketsGuide.ConnectAsync(Handlers(tenants), AddressOf(server), Deadline.Token());

        Assert.Equal(WebSocketState.Open, state);
        Assert.Equal("CN=orders", Assert.Single(server.Requests).ClientCertificate);
    }

    [Fact]
    public async Task ARefusedServer_IsAWebSocketException()
    {
        await using var server = await StartAsync(isForeign: true);
        await using var tenants = Create();

        var refusal = await Assert.ThrowsAsync<WebSocketException>(() =>
            WebSocketsGuide.ConnectAsync(Handlers(tenants), AddressOf(server), Deadline.Token()));

        Assert.StartsWith("FTLS50", RecipeServer.CodeIn(refusal), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static Tenants Create() => new(["orders"], services => services.AddHttpClient("orders").AddOutboundTls());

    private static IHttpMessageHandlerFactory Handlers(Tenants tenants) =>
        tenants.All.GetRequiredService<IHttpMessageHandlerFactory>();

    private static Uri AddressOf(HttpUpstream server) => new UriBuilder(server.Address) { Scheme = "wss" }.Uri;

    private static Task<HttpUpstream> StartAsync(bool isForeign) => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(isForeign ? Pki.Foreign.IssueServer("localhost") : Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
            Configure = app => app.UseWebSockets(),
            Respond = async context =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await socket.ReceiveAsync(new byte[1].AsMemory(), context.RequestAborted);
            },
        }, Deadline.Token());
}
