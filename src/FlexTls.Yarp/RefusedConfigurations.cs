using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace FlexTls;

/// <summary>
/// A configuration provider without routes and clusters, which makes the proxy load all configurations again when one
/// was refused and a policy has come into force since: a cluster may arrive before its policy.
/// </summary>
internal sealed class RefusedConfigurations(IServiceProvider services) : IProxyConfigProvider, IDisposable
{
    private readonly Lock _lock = new();
    private NoClusters _current = new();
    private IDisposable? _registration;
    private bool _isWaiting;
    private volatile bool _isLoaded;

    /// <summary>Whether the proxy has loaded this provider's configuration.</summary>
    public bool IsLoaded => _isLoaded;

    /// <exception cref="InvalidOperationException">The program has registered no other provider.</exception>
    public IProxyConfig GetConfig()
    {
        // Without any provider the proxy refuses to start; this one must not hide that.
        if (!_isLoaded && services.GetServices<IProxyConfigProvider>().All(provider => provider == this))
        {
            throw new InvalidOperationException(
                "The only IProxyConfigProvider is the one of AddOutboundTls, which has no routes and clusters. Call "
                + "LoadFromConfig or LoadFromMemory, or register your own provider with AddSingleton: after "
                + "AddOutboundTls, TryAddSingleton adds nothing.");
        }

        _isLoaded = true;
        lock (_lock)
        {
            return _current;
        }
    }

    /// <summary>Makes the proxy load its configurations again after the next change of policies.</summary>
    /// <param name="change">Fires at that change; taken before the refused configuration was checked.</param>
    public void LoadAgainAfter(IChangeToken change)
    {
        lock (_lock)
        {
            if (_isWaiting)
            {
                // The token that is already awaited fires no later than this one.
                return;
            }

            _isWaiting = true;
        }

        // Outside the lock: a token that has fired calls back at once.
        _registration = change.RegisterChangeCallback(_ => LoadAgain(), null);
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
