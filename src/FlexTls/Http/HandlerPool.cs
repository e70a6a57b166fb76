namespace FlexTls;

/// <summary>
/// A <see cref="SocketsHttpHandler"/> with the user's settings, one policy and one role, and a second one once a
/// request goes through a proxy. Only here does a policy reach such handlers.
/// </summary>
internal sealed class HandlerPool : IConnectionPool, IDisposable
{
    private readonly HandlerBlueprint _blueprint;
    private readonly UpstreamGeneration _generation;
    private readonly PoolRole _role;
    private readonly Passage<SocketsHttpHandler> _direct;
    private readonly RequestRules _rules;
    private readonly UpstreamConnections _connections;
    private readonly TunnelFailures _tunnelFailures;
    private volatile Passage<SocketsHttpHandler>? _throughProxies;

    /// <param name="blueprint">The parts of the handler.</param>
    /// <param name="generation">The generation, whose policy the handler has.</param>
    /// <param name="role">Which requests it serves.</param>
    public HandlerPool(HandlerBlueprint blueprint, UpstreamGeneration generation, PoolRole role)
    {
        (_blueprint, _generation, _role) = (blueprint, generation, role);
        _connections = new UpstreamConnections(
            blueprint, generation, isForRedirectTargets: role == PoolRole.RedirectTarget);
        _tunnelFailures = new TunnelFailures(
            blueprint.Upstream, generation, _connections.Tunnels.Answers,
            isForRedirectTargets: role == PoolRole.RedirectTarget);
        _rules = new RequestRules(blueprint, generation.Context);
        var handler = blueprint.CreateHandler(role, proxy: null);
        handler.ConnectCallback = _connections.ConnectDirectlyAsync;
        handler.SslOptions = _connections.NoOptions();
        _direct = new Passage<SocketsHttpHandler>(handler);
    }

    /// <summary>The handler for direct requests.</summary>
    public SocketsHttpHandler Handler => _direct.Handler;

    /// <summary>The handler for requests through a proxy; <see langword="null"/>: there was none yet.</summary>
    public SocketsHttpHandler? ProxyHandler => _throughProxies?.Handler;

    /// <summary>
    /// Sends a message unchanged except for its HTTP version. A synchronous send has finished when this returns.
    /// <see langword="null"/>: the pool is disposed, and nothing was sent.
    /// </summary>
    public Task<HttpResponseMessage>? TrySendAsync(
        HttpRequestMessage request, bool isSynchronous, CancellationToken cancellationToken)
    {
        var proxy = ProxyFor(request);
        if (_rules.Apply(request, proxy, isSynchronous) is { } refusal)
        {
            return Task.FromException<HttpResponseMessage>(refusal);
        }

        if (PassageFor(proxy) is not { } passage)
        {
            return null;
        }

        // The handler asks for the proxy later, on this thread or another.
        using var chosen = ProxySelector.Choose(request.RequestUri, proxy);
        var isTunneled = proxy is not null;
        var hosts = isTunneled ? _tunnelFailures.UnansweredHosts : _connections.Watch.UnansweredHosts;
        var unanswered = hosts.Count;
        try
        {
            if (isSynchronous)
            {
                return Task.FromResult(Send(passage, isTunneled, unanswered, request, cancellationToken));
            }

            // A disposed handler throws from the call, not in the task, and before doing anything else.
            var isSettled = _connections.Watch.IsSettled;
            var sent = isTunneled && ExecutionContext.IsFlowSuppressed()
                ? PassWithChoice(passage, request, cancellationToken)
                : passage.PassAsync(request, cancellationToken);
            if (isTunneled || !isSettled)
            {
                sent = WatchAsync(sent, isTunneled, unanswered, request.RequestUri);
            }

            return _rules.MayFallBack(request) ? ExtendedConnect.WatchAsync(sent) : sent;
        }
        catch (ObjectDisposedException e)
            when (_connections.IsDisposed && e.ObjectName == typeof(SocketsHttpHandler).FullName)
        {
            return null;
        }
    }

    public bool WasBusy() => _connections.WasBusy();

    public bool SendsPings => _connections.SendsPings;

    public void GiveUp() => _connections.GiveUp();

    public void Close()
    {
        Leave();
        ThreadPool.UnsafeQueueUserWorkItem(static pool => pool.DisposeQuietly(), this, preferLocal: false);
    }

    public void Dispose()
    {
        Leave();
        DisposeHandlers();
    }

    /// <summary>Lets no further request enter.</summary>
    private void Leave()
    {
        _generation.Remove(this);
        lock (_direct)
        {
            _connections.IsDisposed = true;
        }
    }

    private void DisposeQuietly()
    {
        try
        {
            DisposeHandlers();
        }
        catch (Exception)
        {
            // A user's transport may throw when it is closed, and nobody awaits this.
        }
    }

    /// <summary>Not the ways into them: a disposed handler that names itself says that nothing was sent.</summary>
    private void DisposeHandlers()
    {
        try
        {
            Handler.Dispose();
        }
        finally
        {
            ProxyHandler?.Dispose();
        }
    }

    /// <summary>
    /// A server may refuse a connection with its first answer; over HTTP/2 the pool buries the reason in inner
    /// exceptions.
    /// </summary>
    private async Task<HttpResponseMessage> WatchAsync(
        Task<HttpResponseMessage> sent, bool isTunneled, long unanswered, Uri? address)
    {
        try
        {
            return await sent.ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (ReasonOf(e, isTunneled, unanswered, address) is { } reason)
        {
            throw LateRefusal.InTheShapeOfOthers(reason);
        }
    }

    private TlsHandshakeException? ReasonOf(
        HttpRequestException exception, bool isTunneled, long unanswered, Uri? address) =>
        LateRefusal.In(exception)
        ?? (isTunneled ? _tunnelFailures.Find(exception, address, unanswered)
            : exception.HttpRequestError == HttpRequestError.ResponseEnded && address is not null
                ? _connections.Watch.UnansweredHosts.Find(address, unanswered)
            : null);

    /// <summary>
    /// The choice of a proxy reaches the handler by the execution context, whose flow a caller may have suppressed.
    /// </summary>
    private static Task<HttpResponseMessage> PassWithChoice(
        Passage<SocketsHttpHandler> passage, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ExecutionContext.RestoreFlow();
        try
        {
            return passage.PassAsync(request, cancellationToken);
        }
        finally
        {
            ExecutionContext.SuppressFlow();
        }
    }

    private HttpResponseMessage Send(
        Passage<SocketsHttpHandler> passage, bool isTunneled, long unanswered, HttpRequestMessage request,
        CancellationToken cancellationToken)
    {
        var address = request.RequestUri;
        try
        {
            return passage.Pass(request, cancellationToken);
        }
        catch (HttpRequestException e) when (ReasonOf(e, isTunneled, unanswered, address) is { } reason)
        {
            throw LateRefusal.InTheShapeOfOthers(reason);
        }
    }

    /// <summary>The proxy on the way to a request's server; <see langword="null"/>: none.</summary>
    private Uri? ProxyFor(HttpRequestMessage request) =>
        request.RequestUri is { IsAbsoluteUri: true } uri ? _blueprint.Proxy?.Find(uri) : null;

    /// <summary>The way into a handler; <see langword="null"/>: the pool is disposed.</summary>
    private Passage<SocketsHttpHandler>? PassageFor(Uri? proxy)
    {
        if (_connections.IsDisposed)
        {
            return null;
        }

        if ((proxy is null ? _direct : _throughProxies) is { } known)
        {
            return known;
        }

        lock (_direct)
        {
            return _connections.IsDisposed ? null : _throughProxies ??= CreateThroughProxies();
        }
    }

    private Passage<SocketsHttpHandler> CreateThroughProxies()
    {
        var handler = _blueprint.CreateHandler(_role, _blueprint.Proxy);
        handler.ConnectCallback = _connections.ConnectToProxyAsync;
        handler.SslOptions = _connections.Tunnels.CreateOptions();
        handler.PlaintextStreamFilter = _connections.Tunnels.Answers.FilterAsync;
        return new Passage<SocketsHttpHandler>(handler);
    }
}
