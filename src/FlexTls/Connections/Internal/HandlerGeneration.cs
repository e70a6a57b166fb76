using FlexTls.Contexts;
using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Upstreams;

namespace FlexTls.Connections;

/// <summary>
/// A handler of the platform's with the user's settings and one policy. The one place where a policy meets a
/// <see cref="SocketsHttpHandler"/>.
/// </summary>
internal sealed class HandlerGeneration : IConnectionPool
{
    private readonly HandlerBlueprint _blueprint;
    private readonly UpstreamGeneration _generation;
    private readonly HttpMessageInvoker _invoker;
    private readonly HttpVersionRules _versions;
    private readonly UpstreamConnections _connections;

    public HandlerGeneration(HandlerBlueprint blueprint, UpstreamGeneration generation)
    {
        (_blueprint, _generation) = (blueprint, generation);
        _connections = new UpstreamConnections(blueprint, generation);
        _versions = new HttpVersionRules(generation.Context);
        Handler = blueprint.CreateHandler();
        Handler.ConnectCallback = _connections.ConnectAsync;
        Handler.SslOptions = _connections.TunnelOptions();
        _invoker = new HttpMessageInvoker(Handler);
        generation.Add(this);
    }

    public SocketsHttpHandler Handler { get; }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (Prepare(request, isSynchronous: false) is { } refusal)
        {
            return Task.FromException<HttpResponseMessage>(refusal);
        }

        return _connections.Watch.IsSettled ? _invoker.SendAsync(request, ct) : SendWatchedAsync(request, ct);
    }

    public HttpResponseMessage Send(HttpRequestMessage request, CancellationToken ct)
    {
        if (Prepare(request, isSynchronous: true) is { } refusal)
        {
            throw refusal;
        }

        try
        {
            return _invoker.Send(request, ct);
        }
        catch (HttpRequestException e) when (LateRefusal.In(e) is { } reason)
        {
            throw LateRefusal.InTheShapeOfOthers(reason);
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
        _invoker.Dispose();
    }

    /// <summary>A server may refuse a connection with its first answer; the pool then hides the reason, for HTTP/2, deep inside.</summary>
    private async Task<HttpResponseMessage> SendWatchedAsync(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            return await _invoker.SendAsync(request, ct).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (LateRefusal.In(e) is { } reason)
        {
            throw LateRefusal.InTheShapeOfOthers(reason);
        }
    }

    /// <summary>What the policy makes of a request; a refusal is returned. Allocates nothing for a server that was met before.</summary>
    private HttpRequestException? Prepare(HttpRequestMessage request, bool isSynchronous)
    {
        if (!request.IsTls())
        {
            if (RefusedPlain(request) is { } refusal)
            {
                return refusal;
            }

            HttpVersionRules.ApplyToPlain(request);
            return null;
        }

        _blueprint.Authorities.Name(request.RequestUri!);
        return RefusedHostHeader(request) ?? _versions.Apply(request, isSynchronous);
    }

    /// <summary>A client under a policy makes no plain requests. The platform refuses one without an absolute URI.</summary>
    private HttpRequestException? RefusedPlain(HttpRequestMessage request)
    {
        var isAllowed = _blueprint.AllowsPlainHttp || _generation.Context.Policy.DangerousAllowPlainHttp;
        if (isAllowed || request.RequestUri is not { IsAbsoluteUri: true } uri)
        {
            return null;
        }

        var withTls = uri.Scheme == Uri.UriSchemeWs ? Uri.UriSchemeWss : Uri.UriSchemeHttps;
        var failure = _generation.Context.Http.Failures.Create(DiagnosticCodes.PlainHttpRefused, uri.IdnHost,
            $"the request is for {uri.Scheme}://, and its client is under a policy; nothing was sent. "
            + $"Write {withTls}://, or set extensions.allowPlainHttp in the policy.");
        return new HttpRequestException(HttpRequestError.SecureConnectionError, failure.Message, failure);
    }

    /// <summary>
    /// Through a proxy the pool takes the server name, and the name that it has verified, from the Host header, which in
    /// a gateway comes from the caller: it must not choose what the upstream has to prove.
    /// </summary>
    private HttpRequestException? RefusedHostHeader(HttpRequestMessage request)
    {
        if (_blueprint.Proxy is not { } proxy || request.Host() is not { } written || !proxy.IsUsedFor(request.RequestUri!))
        {
            return null;
        }

        var host = HostName.TryParse(request.RequestUri!.IdnHost);
        if (host is not null && Authority.TryParse(written) is { } named && HostName.TryParse(named.Host) == host)
        {
            return null;
        }

        var failure = _generation.Context.Http.Failures.Create(DiagnosticCodes.ServerNameThroughProxy, request.RequestUri.IdnHost,
            "the request has a Host header of its own, and through a proxy the handler would send and verify that name.",
            "the header can be left out");
        return new HttpRequestException(HttpRequestError.SecureConnectionError, failure.Message, failure);
    }
}
