using System.Diagnostics.Metrics;
using System.Net;

namespace FlexTls;

/// <summary>
/// The parts of each generation's handler: the user's settings, and the state that outlives generations.
/// </summary>
/// <param name="upstream">The upstream.</param>
/// <param name="settings">The user's handler, which is only read.</param>
/// <param name="meters">The destination of the handlers' metrics, unless the user chose another.</param>
/// <param name="allowsPlainHttp">Whether requests without TLS are sent, whatever the policy says.</param>
/// <param name="before">
/// The upstream that stood in for it until now, for the same client; its cookies stay with the client.
/// </param>
internal sealed class HandlerBlueprint(
    Upstream upstream, SocketsHttpHandler settings, IMeterFactory? meters, bool allowsPlainHttp = false,
    Upstream? before = null)
{
    // Read once, so that every generation has the same settings.
    private readonly SocketsHttpHandler _settings = HandlerSettings.CopyFor(upstream, settings, before);
    private readonly LastingMeterFactory? _meters = meters is null ? null : new(meters);
    private volatile bool _isDisposed;

    public Upstream Upstream => upstream;

    /// <summary>How the status shows who uses the handlers.</summary>
    public UpstreamTlsUser? User { get; init; }

    /// <summary>Whether the requests chose this upstream.</summary>
    public bool IsChosen { get; init; }

    /// <summary>For handlers that user code creates from a context.</summary>
    public static HandlerBlueprint Of(OutboundTlsContext context, SocketsHttpHandler? settings, IMeterFactory? meters)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.ThrowIfEnded();
        ThrowIfTlsIsSet(settings);
        return new HandlerBlueprint(ContextUpstreams.Of(context), settings ?? new SocketsHttpHandler(), meters)
        {
            User = new() { Description = "handler" },
        };
    }

    /// <summary>Throws if the user's handler sets something that the policy decides.</summary>
    public static void ThrowIfTlsIsSet(SocketsHttpHandler? settings)
    {
        if (settings is not null && HandlerSettings.TlsSettings(settings) is [var setting, ..])
        {
            throw new ArgumentException(
                $"The handler sets {setting}, which the policy decides; remove it.", nameof(settings));
        }
    }

    /// <summary>How many redirects of one request are followed; 0: none.</summary>
    public int MostRedirects { get; } = settings.AllowAutoRedirect ? settings.MaxAutomaticRedirections : 0;

    /// <summary>
    /// Whether one request may be sent several times: to follow redirects, or because a server wants credentials.
    /// </summary>
    public bool SendsSeveralTimes => MostRedirects > 0 || _settings.Credentials is not null;

    /// <summary>
    /// Whether HTTP/2 connections are kept alive with pings, which a disposed handler no longer sends.
    /// </summary>
    public bool SendsPings => !IsDisposed && _settings.KeepAlivePingDelay != Timeout.InfiniteTimeSpan;

    /// <summary>Whether the client's handler is disposed. Its generations may still be draining.</summary>
    public bool IsDisposed { get => _isDisposed; set => _isDisposed = value; }

    /// <summary>The header fields in which the handlers pass on a trace.</summary>
    public TraceHeaders TraceHeaders { get; } = new(settings.ActivityHeadersPropagator);

    /// <summary>
    /// Whether the user's credentials go to any server that asks for some. A redirect target must not get them.
    /// </summary>
    public bool HasCredentialsForAnyServer { get; } = settings.Credentials is not null and not CredentialCache;

    /// <summary>Whether requests without TLS are sent, whatever the policy says.</summary>
    public bool AllowsPlainHttp => allowsPlainHttp;

    /// <summary>The proxy; <see langword="null"/>: none is used.</summary>
    public ProxySelector? Proxy { get; } = settings.UseProxy ? new ProxySelector(settings.Proxy) : null;

    /// <summary>Whether the user's code lies between a tunnel and the TLS in it, and hides the tunnel.</summary>
    public bool HidesTunnels => PlaintextFilter is not null;

    /// <summary>The user's filter of plaintext; <see langword="null"/>: none.</summary>
    public Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>>? PlaintextFilter =>
        _settings.PlaintextStreamFilter;

    /// <summary>
    /// The user's connect callback; <see langword="null"/>: the platform's TCP. gRPC sets it on a client's handler when
    /// it creates a channel.
    /// </summary>
    public Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? Connect =>
        settings.ConnectCallback;

    /// <summary>A handler with the user's settings, except for TLS, connecting and redirects.</summary>
    /// <param name="role">Which requests it serves.</param>
    /// <param name="proxy">The proxy for all its connections; <see langword="null"/>: none.</param>
    public SocketsHttpHandler CreateHandler(PoolRole role, ProxySelector? proxy)
    {
        var handler = HandlerSettings.Copy(_settings);
        handler.AllowAutoRedirect = false;
        if (role != PoolRole.Upstream && HasCredentialsForAnyServer)
        {
            handler.Credentials = null;
        }

        if (handler.MeterFactory is null || handler.MeterFactory.GetType() == meters?.GetType())
        {
            // The platform gives a handler that several hosts of a process share the factory of the first.
            handler.MeterFactory = _meters;
        }

        (handler.UseProxy, handler.Proxy) = (proxy is not null, proxy);
        if (proxy is not null)
        {
            handler.DefaultProxyCredentials = TunnelCredentials.Of(handler.DefaultProxyCredentials);
        }

        return handler;
    }
}
