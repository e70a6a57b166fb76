namespace FlexTls;

/// <summary>
/// A client's handler under one generation: a pool for callers' requests and, once needed, pools for redirects.
/// </summary>
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

        // The generation is in force, or about to be, so it always accepts the pool.
        generation.TryAdd(Upstream);
    }

    /// <summary>The pool for callers' requests.</summary>
    public HandlerPool Upstream { get; }

    /// <summary>The pool for a role; <see langword="null"/>: this generation has been replaced or disposed.</summary>
    public HandlerPool? PoolFor(PoolRole role)
    {
        if (role == PoolRole.Upstream
            || (role == PoolRole.UpstreamWithoutCredentials && !_blueprint.HasCredentialsForAnyServer))
        {
            return Upstream;
        }

        lock (_forRedirects)
        {
            if (_isDisposed)
            {
                return null;
            }

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

        // A user's transport may throw when it is closed: close all pools first, then report.
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
