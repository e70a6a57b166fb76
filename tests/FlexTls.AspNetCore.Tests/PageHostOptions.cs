using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Pages;

/// <summary>How a <see cref="PageHost"/> is built.</summary>
internal sealed record PageHostOptions
{
    /// <summary>Registers policies.</summary>
    public Action<OutboundTlsBuilder> Policies { get; init; } = _ => { };

    /// <summary>Adds services.</summary>
    public Action<IServiceCollection> Services { get; init; } = _ => { };

    /// <summary>Adds middleware before the page.</summary>
    public Action<WebApplication> App { get; init; } = _ => { };

    /// <summary>Configures the page's endpoint.</summary>
    public Action<IEndpointConventionBuilder> Endpoint { get; init; } = _ => { };
}
