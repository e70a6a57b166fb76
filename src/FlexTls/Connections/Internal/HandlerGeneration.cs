using FlexTls.Contexts;
using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Upstreams;

namespace FlexTls.Connections;

/// <summary>
/// A handler of the platform's with the user's settings and one policy. The one place where a policy meets a
/// <see cref="SocketsHttpHandler"/>.
/// </summary>
internal sealed class HandlerGeneration : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly HttpVersionRules _versions;
    private readonly NamedAuthorities? _authorities;
    private readonly WatchedProxy? _proxy;
    private readonly UpstreamConnections _connections;
    private readonly HandshakeFailures _failures;

    /// <param name="upstream">The upstream.</param>
    /// <param name="settings">The user's handler, which is read and left alone.</param>
    /// <param name="meters">Where the handler's metrics go, unless the user chose another place.</param>
    public HandlerGeneration(Upstream upstream, SocketsHttpHandler settings, System.Diagnostics.Metrics.IMeterFactory? meters)
    {
        var authorities = new NamedAuthorities();
        var handshakes = upstream.Context.Http;
        Handler = HandlerSettings.Copy(settings);
        Handler.MeterFactory ??= meters;
        if (settings.UseProxy)
        {
            Handler.Proxy = _proxy = new WatchedProxy(settings.Proxy);
        }

        _connections = new UpstreamConnections(upstream, authorities, _proxy, settings.ConnectCallback);
        Handler.ConnectCallback = _connections.ConnectAsync;
        Handler.SslOptions = _connections.TunnelOptions();
        _versions = new HttpVersionRules(upstream.Context);
        _authorities = handshakes.Discriminates ? authorities : null;
        _failures = handshakes.Failures;
        _invoker = new HttpMessageInvoker(Handler);
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

    public void Dispose() => _invoker.Dispose();

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
            HttpVersionRules.ApplyToPlain(request);
            return null;
        }

        _authorities?.Name(request.RequestUri!);
        return RefusedHostHeader(request) ?? _versions.Apply(request, isSynchronous);
    }

    /// <summary>
    /// Through a proxy the pool takes the server name, and the name that it has verified, from the Host header, which in
    /// a gateway comes from the caller: it must not choose what the upstream has to prove.
    /// </summary>
    private HttpRequestException? RefusedHostHeader(HttpRequestMessage request)
    {
        if (_proxy is null || request.Host() is not { } written || !_proxy.IsUsedFor(request.RequestUri!))
        {
            return null;
        }

        var host = HostName.TryParse(request.RequestUri!.IdnHost);
        if (host is not null && Authority.TryParse(written) is { } named && HostName.TryParse(named.Host) == host)
        {
            return null;
        }

        var failure = _failures.Create(DiagnosticCodes.ServerNameThroughProxy, request.RequestUri.IdnHost,
            "the request has a Host header of its own, and through a proxy the handler would send and verify that name.",
            "the header can be left out");
        return new HttpRequestException(HttpRequestError.SecureConnectionError, failure.Message, failure);
    }
}
