using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace FlexTls;

/// <summary>
/// Checks at start what was registered beside <c>AddOutboundTls</c>. There may be no cluster whose check would find it:
/// <c>MapForwarder</c> needs none, and configurations may start empty.
/// </summary>
/// <param name="services">The services of the program.</param>
/// <param name="isProviderRegistered">Whether the provider for refused configurations was not removed.</param>
internal sealed class ProxyRegistrationCheck(IServiceProvider services, bool isProviderRegistered)
    : IHostedLifecycleService
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

    /// <summary>Before anything listens; creates nothing that another hosted service may have to prepare.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (HasOtherFactory(services))
        {
            throw new TlsPolicyException([ProxyCodes.Fault(
                ProxyCodes.OtherClientFactory, $"AddReverseProxy().AddOutboundTls(): {OtherFactory}")]);
        }

        // A decorator may have replaced its registration.
        if (!isProviderRegistered && !services.GetRequiredService<RefusedConfigurations>().IsLoaded)
        {
            ProxyLog.ProviderRemoved(services.GetRequiredService<ILogger<ProxyRegistrationCheck>>());
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether the factory is neither ours nor the proxy's default, which ours replaces.</summary>
    private static bool IsForeign(IForwarderHttpClientFactory factory) =>
        factory is not ClusterClients && factory.GetType() != typeof(ForwarderHttpClientFactory);
}
