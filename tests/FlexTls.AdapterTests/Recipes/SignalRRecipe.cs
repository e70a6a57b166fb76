using System.Net.WebSockets;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters.Recipes;

/// <summary>What docs/recipes/signalr.md shows.</summary>
internal static class SignalRRecipe
{
    public static HubConnection CreateConnection(IServiceProvider services, Uri address)
    {
        // <snippet>
        var handlers = services.GetRequiredService<IOutboundTlsHandlerFactory>();
        var invoker = new HttpMessageInvoker(handlers.CreateHandler("orders"));
        var connection = new HubConnectionBuilder().WithUrl(address, options =>
        {
            options.HttpMessageHandlerFactory = _ => handlers.CreateHandler("orders");
            options.WebSocketFactory = async (connecting, cancellationToken) =>
            {
                var socket = new ClientWebSocket();
                await socket.ConnectAsync(connecting.Uri, invoker, cancellationToken);
                return socket;
            };
        }).Build();
        // </snippet>
        return connection;
    }
}
