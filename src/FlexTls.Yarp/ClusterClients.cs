using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace FlexTls;

/// <summary>
/// The clients of all clusters. The proxy itself never disposes of one: here a client that was replaced, or whose
/// cluster was removed, is disposed of once no request can reach it any more.
/// </summary>
internal sealed class ClusterClients(ClusterHandlers handlers, TimeProvider? clock = null)
    : IForwarderHttpClientFactory, IClusterChangeListener, IDisposable
{
    /// <summary>
    /// How long a client that is no longer used still accepts requests: one that was routed before the change may still
    /// be on its way through the proxy's middleware.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();

    // Weak: a program may also create clients with this factory, and dispose of them itself.
    private readonly ConditionalWeakTable<HttpMessageInvoker, object?> _inUse = [];
    private readonly Dictionary<HttpMessageInvoker, ITimer> _retired = [];
    private bool _isDisposed;

    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context)
    {
        var client = handlers.CreateClient(context);
        lock (_lock)
        {
            _inUse.TryAdd(client, null);
        }

        if (context.OldClient is { } old && old != client)
        {
            Retire(old);
        }

        return client;
    }

    public void OnClusterAdded(ClusterState cluster)
    {
    }

    public void OnClusterChanged(ClusterState cluster)
    {
    }

    public void OnClusterRemoved(ClusterState cluster) => Retire(cluster.Model.HttpClient);

    public void Dispose()
    {
        List<HttpMessageInvoker> all;
        lock (_lock)
        {
            _isDisposed = true;
            all = [.. _inUse.Select(used => used.Key), .. _retired.Keys];
            foreach (var timer in _retired.Values)
            {
                timer.Dispose();
            }

            _inUse.Clear();
            _retired.Clear();
        }

        all.ForEach(client => client.Dispose());
    }

    private void Retire(HttpMessageInvoker client)
    {
        lock (_lock)
        {
            // Not ours, or disposed of with everything else.
            if (_inUse.Remove(client) && !_isDisposed)
            {
                _retired[client] = AfterGrace(client);
            }
        }
    }

    private ITimer AfterGrace(HttpMessageInvoker client)
    {
        try
        {
            return (clock ?? TimeProvider.System).CreateTimer(
                _ => End(client), null, Grace, Timeout.InfiniteTimeSpan);
        }
        catch (Exception)
        {
            // The program's clock failed. The proxy is applying a configuration and must be able to finish.
            return TimeProvider.System.CreateTimer(_ => End(client), null, Grace, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Requests under way finish; connections that are idle close at once.</summary>
    private void End(HttpMessageInvoker client)
    {
        lock (_lock)
        {
            if (!_retired.Remove(client, out var timer))
            {
                return;
            }

            try
            {
                timer.Dispose();
            }
            catch (Exception)
            {
                // The program's clock failed, on its timer, where an exception ends the process.
            }
        }

        client.Dispose();
    }
}
