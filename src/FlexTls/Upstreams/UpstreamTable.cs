using System.Collections.Concurrent;

namespace FlexTls;

/// <summary>The running upstreams. An added upstream stays, unless it stood in for another one. Thread-safe.</summary>
internal sealed class UpstreamTable
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<UpstreamKey, Upstream> _upstreams = new();
    private volatile UpstreamDirectory<Upstream>? _services;
    private IUpstreamObserver? _observer;
    private volatile int _version;

    /// <summary>All upstreams in use, by name: those of Services, then those of clients.</summary>
    public IReadOnlyList<(UpstreamKey Key, Upstream Upstream)> All =>
        [.. InOrder().Where(upstream => upstream.Key != UpstreamKey.AllClients)];

    /// <summary>The upstreams of Services, and the one that those of new clients are made after.</summary>
    public IReadOnlyList<(UpstreamKey Key, Upstream Upstream)> Patterns =>
        [.. InOrder().Where(upstream => !upstream.Key.IsClient)];

    /// <summary>
    /// The upstreams of clients. One that is being made is among them, or is made after the pattern as it is now.
    /// </summary>
    public IReadOnlyList<(UpstreamKey Key, Upstream Upstream)> Clients
    {
        get
        {
            lock (_lock)
            {
                return [.. InOrder().Where(upstream => upstream.Key.IsClient)];
            }
        }
    }

    /// <summary>The upstreams of Services.</summary>
    public UpstreamDirectory<Upstream> Services
    {
        get
        {
            if (_services is { } known)
            {
                return known;
            }

            lock (_lock)
            {
                return _services ??= new UpstreamDirectory<Upstream>(
                    _upstreams.Where(upstream => upstream.Key.IsService).ToDictionary());
            }
        }
    }

    /// <summary>Changes when a Service gets a policy: then a client without a policy may get one too.</summary>
    public int Version => _version;

    public Upstream this[UpstreamKey key] => _upstreams[key];

    public Upstream? Find(UpstreamKey key) => _upstreams.GetValueOrDefault(key);

    /// <summary>
    /// The upstream of a Service, by the name that a user gave, or <see langword="null"/> and the reason.
    /// </summary>
    public Upstream? FindService(string name, out string problem)
    {
        var services = Services;
        return services.Find(name, out _, out problem) is { } key ? services[key] : null;
    }

    /// <summary>
    /// Adds upstreams, which are in use from now on. They appear together: what a name without a namespace means must
    /// not depend on how many of them are seen.
    /// </summary>
    public void Add(IReadOnlyCollection<(UpstreamKey Key, Upstream Upstream)> added)
    {
        lock (_lock)
        {
            foreach (var (key, upstream) in added)
            {
                _upstreams[key] = upstream;
            }

            if (added.Any(one => one.Key.IsService))
            {
                // Rebuilt on demand.
                _services = null;
                _version++;
            }

            // Last: whatever an observer does, all of them are in use.
            foreach (var (_, upstream) in added.Where(one => one.Key != UpstreamKey.AllClients))
            {
                _observer?.Add(upstream);
            }
        }
    }

    /// <summary>The upstream of a client, created if there is none.</summary>
    public Upstream GetOrAdd(UpstreamKey client, Func<Upstream> create)
    {
        lock (_lock)
        {
            if (Find(client) is { } known)
            {
                return known;
            }

            var upstream = create();
            Add([(client, upstream)]);
            return upstream;
        }
    }

    /// <summary>Removes an upstream that another one replaces.</summary>
    public void Remove(UpstreamKey key) => _upstreams.TryRemove(key, out _);

    /// <summary>Passes all upstreams to an observer, and those to come.</summary>
    public void Observe(IUpstreamObserver observer)
    {
        lock (_lock)
        {
            _observer = observer;
            foreach (var (_, upstream) in All)
            {
                observer.Add(upstream);
            }
        }
    }

    /// <summary>Ends the contexts of all upstreams.</summary>
    public void End()
    {
        foreach (var upstream in _upstreams.Values)
        {
            upstream.Context.End();
        }
    }

    private IEnumerable<(UpstreamKey Key, Upstream Upstream)> InOrder() =>
        _upstreams.OrderBy(upstream => (!upstream.Key.IsService, upstream.Key.IsClient))
            .ThenBy(upstream => upstream.Key.ToString(), StringComparer.Ordinal)
            .Select(upstream => (upstream.Key, upstream.Value));
}
