using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Support;

/// <summary>Looks through what the factory makes for a client.</summary>
internal static class ClientHandler
{
    /// <summary>Our handler at the end of a client's chain; <see langword="null"/>: it ends with another one.</summary>
    public static OutboundTlsHandler? OursOf(ClientHost clients, string name)
    {
        var handler = clients.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(name);
        return ClientGate.Find(handler)?.Handler;
    }

    /// <summary>The platform's handler that carries a client's requests.</summary>
    public static SocketsHttpHandler SocketsOf(ClientHost clients, string name = "orders") => OursOf(clients, name)!.Current.Upstream.Handler;
}
