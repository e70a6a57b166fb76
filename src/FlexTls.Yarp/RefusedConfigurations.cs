using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace FlexTls;

/// <summary>
/// Makes the proxy load its configurations again if one was refused and then a policy came into force: the policy of a
/// cluster may arrive after the cluster. Has no routes and clusters of its own.
/// </summary>
internal sealed class RefusedConfigurations(IServiceProvider services) : IProxyConfigProvider, IDisposable
{
    private readonly Lock _lock = new();
    private NoClusters _current = new();
    private IDisposable? _registration;
    private bool _isWaiting;
    private volatile bool _isLoaded;

    /// <summary>Whether the proxy has loaded from here.</summary>
    public bool IsLoaded => _isLoaded;

    /// <exception cref="InvalidOperationException">The program has no provider of its own.</exception>
    public IProxyConfig GetConfig()
    {
        // The proxy refuses to start without any provider, but finds this one.
        if (!_isLoaded && services.GetServices<IProxyConfigProvider>().All(provider => provider == this))
        {
            throw new InvalidOperationException(
                "No IProxyConfigProvider is registered but the one of AddOutboundTls; call LoadFromConfig or "
                + "LoadFromMemory, or AddSingleton for a provider of your own: after AddOutboundTls, TryAddSingleton "
                + "adds nothing.");
        }

        _isLoaded = true;
        lock (_lock)
        {
            return _current;
        }
    }

    /// <summary>Loads the configurations again when policies have changed since one was refused.</summary>
    /// <param name="policies">Fires when policies have changed since it was checked.</param>
    public void Await(IChangeToken policies)
    {
        lock (_lock)
        {
            if (_isWaiting)
            {
                // The first token covers configurations that are refused later, too.
                return;
            }

            _isWaiting = true;
        }

        // Outside the lock: a token that has fired calls back at once.
        _registration = policies.RegisterChangeCallback(_ => LoadAgain(), null);
    }

    public void Dispose() => _registration?.Dispose();

    private void LoadAgain()
    {
        NoClusters before;
        lock (_lock)
        {
            (before, _current, _isWaiting) = (_current, new NoClusters(), false);
        }

        before.Change();
    }

    private sealed class NoClusters : IProxyConfig
    {
        private readonly ConfigurationReloadToken _changed = new();

        public IReadOnlyList<RouteConfig> Routes => [];

        public IReadOnlyList<ClusterConfig> Clusters => [];

        public IChangeToken ChangeToken => _changed;

        public void Change() => _changed.OnReload();
    }
}
