using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/how-to/move-from-flex-gateway.md shows.</summary>
internal static class FlexGatewayGuide
{
    public static void AddFolder(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("conf.d"));
        builder.Services.AddHttpClient("orders").AddOutboundTls();
        // </snippet>
    }

    public static void BehaveLikeTheGateway(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddOutboundTls(tls => tls.UnboundClients = UnboundClientBehavior.GatewayDefault);
        // </snippet>
    }
}
