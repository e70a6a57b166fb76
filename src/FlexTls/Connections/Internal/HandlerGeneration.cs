using FlexTls.Upstreams;

namespace FlexTls.Connections;

/// <summary>What a client's handler has of one generation: a pool for what callers send and, when first needed, pools for redirects.</summary>
internal sealed class HandlerGeneration : IDisposable
{
    private readonly HandlerBlueprint _blueprint;
    private readonly UpstreamGeneration _generation;
    private readonly Dictionary<PoolRole, HandlerPool> _forRedirects = [];
    private bool _isDisposed;

    public HandlerGeneration(HandlerBlueprint blueprint, UpstreamGeneration generation)
    {
        (_blueprint, _generation) = (blueprint, generation);
        Upstream = new HandlerPool(blueprint, generation, PoolRole.Upstream);

        // It is the one in force, or about to be, and takes it.
        generation.TryAdd(Upstream);
    }

    /// <summary>The pool for what callers send.</summary>
    public HandlerPool Upstream { get; }

    /// <summary>The pool for a message; <see langword="null"/>: the generation was replaced, and the next one is in force.</summary>
    /// <exception cref="ObjectDisposedException">The handler is disposed.</exception>
    public HandlerPool? PoolFor(PoolRole role)
    {
        if (role == PoolRole.Upstream || (role == PoolRole.UpstreamWithoutCredentials && !_blueprint.HasCredentialsForAnyServer))
        {
            return Upstream;
        }

        lock (_forRedirects)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(OutboundTlsHandler));
            if (_forRedirects.TryGetValue(role, out var known))
            {
                return known;
            }

            var pool = new HandlerPool(_blueprint, _generation, role);
            if (!_generation.TryAdd(pool))
            {
                pool.Dispose();
                return null;
            }

            return _forRedirects[role] = pool;
        }
    }

    public void Dispose()
    {
        HandlerPool[] pools;
        lock (_forRedirects)
        {
            _isDisposed = true;
            pools = [Upstream, .. _forRedirects.Values];
        }

        // A transport of the user's may throw when it is closed. All are closed, and then that is said.
        var failures = new List<Exception>();
        foreach (var pool in pools)
        {
            try
            {
                pool.Dispose();
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
        {
            throw failures.Count == 1 ? failures[0] : new AggregateException(failures);
        }
    }
}
