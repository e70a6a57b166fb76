using FlexTls;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Configuration.ClusterValidators;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the clusters of a reverse proxy under policies.</summary>
public static class OutboundTlsReverseProxyBuilderExtensions
{
    /// <summary>
    /// Puts every cluster under the policy that its metadata name (<c>"OutboundTls": "orders"</c> or
    /// <c>"payments/orders"</c>), or else under that of the Service with the cluster's id. The policies are registered
    /// with <c>services.AddOutboundTls(…)</c>. Faults are found when the proxy's configuration is loaded: at start
    /// they end the start, and after a reload the previous configuration stays in force.
    /// </summary>
    /// <param name="builder">The reverse proxy.</param>
    /// <param name="configure">Changes the options. Default: nothing.</param>
    /// <returns>The reverse proxy.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static IReverseProxyBuilder AddOutboundTls(
        this IReverseProxyBuilder builder, Action<OutboundTlsProxyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddOutboundTls();
        services.Configure<OutboundTlsProxyOptions>(options => configure?.Invoke(options));
        if (services.Any(service => service.ServiceType == typeof(ClusterClients)))
        {
            return builder;
        }

        services.AddSingleton<ClusterHandlers>();
        services.AddSingleton<RefusedConfigurations>();

        // Inserted first: a program that resolves a single provider gets the last one, and expects its own.
        var refused = ServiceDescriptor.Singleton<IProxyConfigProvider>(
            provider => provider.GetRequiredService<RefusedConfigurations>());
        services.Insert(0, refused);
        services.AddHostedService(
            provider => new ProxyRegistrationCheck(provider, isProviderRegistered: services.Contains(refused)));
        services.AddSingleton<IOutboundTlsClusters, ClusterStatuses>();
        services.AddSingleton<ClusterClients>();
        services.AddSingleton<IForwarderHttpClientFactory>(
            provider => provider.GetRequiredService<ClusterClients>());
        services.AddSingleton<IClusterChangeListener>(provider => provider.GetRequiredService<ClusterClients>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IClusterValidator, ClusterTlsValidator>());
        return builder;
    }
}
