using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Proxies;

/// <summary>How a <see cref="Gateway"/> is built.</summary>
internal sealed record GatewayOptions
{
    /// <summary>Puts the clusters under policies.</summary>
    public Action<IReverseProxyBuilder> Proxy { get; init; } = proxy => proxy.AddOutboundTls();

    /// <summary>Adds services before the proxy's.</summary>
    public Action<IServiceCollection> Services { get; init; } = _ => { };

    /// <summary>Adds middleware before the proxy.</summary>
    public Action<WebApplication> App { get; init; } = _ => { };
}
