using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace FlexTls;

/// <summary>
/// Makes the proxy load its configurations again if one was refused and then a policy came into force: the policy of a
/// cluster may arrive after the cluster. Has no routes and clusters of its own.
/// </summary>
internal sealed class RefusedConfigurations : IProxyConfigProvider, IDisposable
{
    private readonly Lock _lock = new();
    private NoClusters _current = new();
    private IDisposable? _waiting;

    public IProxyConfig GetConfig()
    {
        lock (_lock)
        {
            return _current;
        }
    }

    /// <summary>A configuration was refused.</summary>
    /// <param name="policies">Fires when policies have changed since it was judged.</param>
    public void Await(IChangeToken policies)
    {
        lock (_lock)
        {
            _waiting?.Dispose();
            _waiting = policies.RegisterChangeCallback(_ => LoadAgain(), null);
        }
    }

    public void Dispose() => _waiting?.Dispose();

    private void LoadAgain()
    {
        NoClusters before;
        lock (_lock)
        {
            (before, _current) = (_current, new NoClusters());
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
