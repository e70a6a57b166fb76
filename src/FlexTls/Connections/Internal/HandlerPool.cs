using FlexTls.Certificates;
using FlexTls.Contexts;
using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Upstreams;

namespace FlexTls.Connections;

/// <summary>
/// A <see cref="SocketsHttpHandler"/> with the user's settings, one policy and one role: the only place where a policy
/// reaches such a handler.
/// </summary>
internal sealed class HandlerPool : IConnectionPool
{
    private readonly HandlerBlueprint _blueprint;
    private readonly UpstreamGeneration _generation;
    private readonly Passage<SocketsHttpHandler> _inner;
    private readonly HttpVersionRules _versions;
    private readonly UpstreamConnections _connections;

    /// <param name="blueprint">What the handler is made of.</param>
    /// <param name="generation">Whose policy it has.</param>
    /// <param name="role">Which requests it serves.</param>
    public HandlerPool(HandlerBlueprint blueprint, UpstreamGeneration generation, PoolRole role)
    {
        (_blueprint, _generation) = (blueprint, generation);
        _connections = new UpstreamConnections(
            blueprint, generation, isForRedirectTargets: role == PoolRole.RedirectTarget);
        _versions = new HttpVersionRules(generation.Context);
        var handler = blueprint.CreateHandler(role);
        handler.ConnectCallback = _connections.ConnectAsync;
        handler.SslOptions = _connections.TunnelOptions();
        _inner = new Passage<SocketsHttpHandler>(handler);
    }

    public SocketsHttpHandler Handler => _inner.Handler;

    /// <summary>
    /// Sends a message unchanged except for its HTTP version. A synchronous send has finished when this returns.
    /// <see langword="null"/>: the pool is disposed, and nothing was sent.
    /// </summary>
    public Task<HttpResponseMessage>? TrySendAsync(HttpRequestMessage request, bool isSynchronous, CancellationToken ct)
    {
        if (Prepare(request, isSynchronous) is { } refusal)
        {
            return Task.FromException<HttpResponseMessage>(refusal);
        }

        if (_connections.IsDisposed)
        {
            return null;
        }

        if (isSynchronous)
        {
            return Task.FromResult(Send(request, ct));
        }

        try
        {
            // A disposed handler throws from the call, not in the task, and before it does anything else.
            var isSettled = _connections.Watch.IsSettled;
            var sent = _inner.PassAsync(request, ct);
            return isSettled ? sent : WatchAsync(sent);
        }
        catch (ObjectDisposedException) when (_connections.IsDisposed)
        {
            return null;
        }
    }

    public bool WasConnecting() => _connections.WasConnecting();

    public void End()
    {
        Dispose();
        _connections.GiveUp();
    }

    public void Dispose()
    {
        _generation.Remove(this);
        _connections.IsDisposed = true;
        _inner.Dispose();
    }

    /// <summary>
    /// A server may refuse a connection with its first answer; over HTTP/2 the pool buries the reason in inner
    /// exceptions.
    /// </summary>
    private static async Task<HttpResponseMessage> WatchAsync(Task<HttpResponseMessage> sent)
    {
        try
        {
            return await sent.ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (LateRefusal.In(e) is { } reason)
        {
            throw LateRefusal.InTheShapeOfOthers(reason);
        }
    }

    private HttpResponseMessage Send(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            return _inner.Pass(request, ct);
        }
        catch (HttpRequestException e) when (LateRefusal.In(e) is { } reason)
        {
            throw LateRefusal.InTheShapeOfOthers(reason);
        }
    }

    /// <summary>Applies the policy to a request; returns a refusal instead of throwing it. Allocates nothing.</summary>
    private HttpRequestException? Prepare(HttpRequestMessage request, bool isSynchronous) =>
        request.IsTls() ? RefusedHostHeader(request) ?? _versions.Apply(request, isSynchronous) : RefusedPlain(request);

    /// <summary>
    /// A client under a policy makes no plain requests. Without an absolute URI, the platform refuses the request.
    /// </summary>
    private HttpRequestException? RefusedPlain(HttpRequestMessage request)
    {
        var isAllowed = _blueprint.AllowsPlainHttp || _generation.Context.Policy.DangerousAllowPlainHttp;
        if (isAllowed || request.RequestUri is not { IsAbsoluteUri: true } uri)
        {
            return null;
        }

        var failure = _generation.Context.Http.Failures.PlainHttpRefused(uri);
        _blueprint.Upstream.Log.Failed(failure);
        return new HttpRequestException(HttpRequestError.SecureConnectionError, failure.Message, failure);
    }

    /// <summary>
    /// Through a proxy the pool takes the server name, and the name to verify, from the Host header. In a gateway that
    /// header comes from the caller, who must not choose what the upstream has to prove.
    /// </summary>
    private HttpRequestException? RefusedHostHeader(HttpRequestMessage request)
    {
        if (_blueprint.Proxy is not { } proxy || request.Host() is not { } written
            || !proxy.IsUsedFor(request.RequestUri!))
        {
            return null;
        }

        var host = HostName.TryParse(request.RequestUri!.AsciiHost());
        if (host is not null && Authority.TryParse(written) is { } named && HostName.TryParse(named.Host) == host)
        {
            return null;
        }

        var failure = _generation.Context.Http.Failures.Create(
            DiagnosticCodes.ServerNameThroughProxy, request.RequestUri!.AsciiHost(),
            "the request's Host header differs from its URI, "
            + "and through a proxy the handler would send and verify that name.",
            "the header can be left out");
        return new HttpRequestException(HttpRequestError.SecureConnectionError, failure.Message, failure);
    }
}
