using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace FlexTls;

/// <summary>
/// Checks at start what was registered beside <c>AddOutboundTls</c>. There may be no cluster whose check would find it:
/// <c>MapForwarder</c> needs none, and configurations may start empty.
/// </summary>
internal sealed class ProxyRegistrationCheck(IServiceProvider services, ILogger<ProxyRegistrationCheck> logger)
    : IHostedService
{
    public const string OtherFactory =
        "another client factory is registered, which knows no policies, by ConfigureHttpClient for example; "
        + "configure the handlers with AddOutboundTls(options => options.ConfigureHandler = …) instead.";

    /// <summary>
    /// Whether a client factory other than ours is registered, before or after ours. The proxy uses only the last one:
    /// another there replaces ours, and ours would silently replace an earlier one.
    /// </summary>
    public static bool HasOtherFactory(IServiceProvider services) =>
        services.GetServices<IForwarderHttpClientFactory>().Any(IsForeign)
        || services.GetService<IForwarderHttpClientFactory>() is not ClusterClients;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (HasOtherFactory(services))
        {
            throw new TlsPolicyException([ProxyCodes.Fault(
                ProxyCodes.OtherClientFactory, $"AddReverseProxy().AddOutboundTls(): {OtherFactory}")]);
        }

        if (!services.GetServices<IProxyConfigProvider>().OfType<RefusedConfigurations>().Any())
        {
            ProxyLog.ProviderRemoved(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether the factory is neither ours nor the proxy's default, which ours replaces.</summary>
    private static bool IsForeign(IForwarderHttpClientFactory factory) =>
        factory is not ClusterClients && factory.GetType() != typeof(ForwarderHttpClientFactory);
}
