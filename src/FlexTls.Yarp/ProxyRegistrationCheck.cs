using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace FlexTls;

/// <summary>
/// Checks at start the registrations that conflict with <c>AddOutboundTls</c>. The check of clusters is not enough:
/// <c>MapForwarder</c> needs no cluster, and a configuration may start without any.
/// </summary>
/// <param name="services">The services of the program.</param>
/// <param name="isProviderRegistered">Whether our configuration provider is still registered.</param>
internal sealed class ProxyRegistrationCheck(IServiceProvider services, bool isProviderRegistered)
    : IHostedLifecycleService
{
    public const string OtherFactoryProblem =
        "another client factory is registered, for example by ConfigureHttpClient, and the proxy can use only one; "
        + "configure the handlers with AddOutboundTls(options => options.ConfigureHandler = …) instead.";

    private bool _isChecked;

    /// <summary>
    /// Whether another client factory than ours is registered. The proxy uses only the last one: a later factory
    /// replaces ours, and ours would silently replace an earlier one.
    /// </summary>
    public static bool HasOtherFactory(IServiceProvider services) =>
        services.GetServices<IForwarderHttpClientFactory>().Any(IsForeign)
        || services.GetService<IForwarderHttpClientFactory>() is not ClusterClients;

    /// <summary>
    /// Runs before anything listens. Creates the client factories, but no configuration provider: another hosted
    /// service may have to prepare what a provider reads.
    /// </summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _isChecked = true;
        if (HasOtherFactory(services))
        {
            throw new TlsPolicyException([ProxyCodes.Fault(
                ProxyCodes.OtherClientFactory, $"AddReverseProxy().AddOutboundTls(): {OtherFactoryProblem}")]);
        }

        // If the proxy has loaded from our provider, another one wraps it, and nothing is lost.
        if (!isProviderRegistered && !services.GetRequiredService<RefusedConfigurations>().IsLoaded)
        {
            ProxyLog.ProviderRemoved(services.GetRequiredService<ILoggerFactory>().CreateLogger(ProxyLog.Category));
        }

        return Task.CompletedTask;
    }

    // A host of the old kind (WebHostBuilder) knows only this.
    public Task StartAsync(CancellationToken cancellationToken) =>
        _isChecked ? Task.CompletedTask : StartingAsync(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether the factory is neither ours nor the proxy's default, which ours replaces.</summary>
    private static bool IsForeign(IForwarderHttpClientFactory factory) =>
        factory is not ClusterClients && factory.GetType() != typeof(ForwarderHttpClientFactory);
}
