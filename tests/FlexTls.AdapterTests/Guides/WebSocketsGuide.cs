using System.Net.WebSockets;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/how-to/websockets.md shows.</summary>
internal static class WebSocketsGuide
{
    public static async Task<WebSocketState> ConnectAsync(IHttpMessageHandlerFactory handlers, Uri address, CancellationToken ct)
    {
        // <snippet>
        using var invoker = new HttpMessageInvoker(handlers.CreateHandler("orders"), disposeHandler: false);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, invoker, ct);
        // </snippet>
        return socket.State;
    }
}
