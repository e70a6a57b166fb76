using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace FlexTls.Proxies;

/// <summary>What docs/gateway.md shows of direct forwarding.</summary>
internal static class DirectForwarding
{
    public static void Map(WebApplication app, string address)
    {
        // <snippet>
        var handlers = app.Services.GetRequiredService<IOutboundTlsHandlerFactory>();
        var client = new HttpMessageInvoker(handlers.CreateHandler("orders", new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        }));
        app.MapForwarder("/orders/{**rest}", address, ForwarderRequestConfig.Empty, HttpTransformer.Default, client);
        // </snippet>
    }
}
