using System.Net;
using System.Net.Security;
using FlexTls.Contexts;
using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Upstreams;

namespace FlexTls.Connections;

/// <summary>
/// The connections of one handler. TLS to the upstream is made here, before the pool sees the connection, so that the
/// offer, the server name and the client certificate on the wire are the policy's. TLS through a proxy is made by the
/// pool, with options that are strict by themselves.
/// </summary>
internal sealed class UpstreamConnections
{
    private readonly Upstream _upstream;
    private readonly HttpHandshakes _handshakes;
    private readonly HttpOffer _offer;
    private readonly NamedAuthorities _authorities;
    private readonly WatchedProxy? _proxy;
    private readonly Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> _connect;

    /// <param name="upstream">The upstream.</param>
    /// <param name="authorities">The servers that callers named.</param>
    /// <param name="proxy">The proxy; <see langword="null"/>: none is used.</param>
    /// <param name="connect">The user's way to make a transport; <see langword="null"/>: TCP as the platform makes it.</param>
    public UpstreamConnections(
        Upstream upstream, NamedAuthorities authorities, WatchedProxy? proxy,
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect)
    {
        (_upstream, _handshakes, _authorities, _proxy) = (upstream, upstream.Context.Http, authorities, proxy);
        _offer = new HttpOffer(upstream.Context);
        _connect = connect ?? (async (connection, ct) => await TcpConnector.ConnectAsync(connection.DnsEndPoint, ct).ConfigureAwait(false));
    }

    /// <summary>Tells whether a connection may still be refused by its server.</summary>
    public ConnectionWatch Watch { get; } = new();

    /// <summary>Options for the TLS that the pool makes by itself, through a proxy.</summary>
    public SslClientAuthenticationOptions TunnelOptions() => _handshakes.CreateTunnelOptions(_authorities.IsNamed, _upstream.Log.Failed);

    /// <summary>The handler's connect callback.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connection, CancellationToken ct)
    {
        // Read before the first await: a redirect may change the request under a pending attempt. Whom to trust comes
        // from the end point alone; the request only hints at what to offer.
        var (endPoint, request) = (connection.DnsEndPoint, connection.InitialRequestMessage);
        // An upstream can be a proxy for other addresses: then only a request that goes through it has to do with the proxy.
        var proxy = _proxy?.Find(endPoint);
        var isDirectTls = request.IsTls() && request.IsFor(endPoint) && (proxy is null || !IsConnectTo(request, endPoint));
        if (!isDirectTls && proxy is not null)
        {
            CheckProxied(request, endPoint, proxy);
            return await _connect(connection, ct).ConfigureAwait(false);
        }

        if (!request.IsFor(endPoint))
        {
            // The request that this attempt was made for was answered meanwhile, and went on elsewhere: nobody waits.
            throw _handshakes.Failures.Create(DiagnosticCodes.StaleAttempt, endPoint.Host, "the request was redirected while its connection was being made.");
        }

        if (!isDirectTls)
        {
            return await _connect(connection, ct).ConfigureAwait(false);
        }

        // Before anything can fail: whoever sends the request again must not make a stranger a named one.
        var isNamed = !_handshakes.Discriminates || _authorities.IsNamed(Authority.Of(endPoint));
        var offered = _offer.For(endPoint, request.Version, request.VersionPolicy);
        if (!isNamed)
        {
            _upstream.Log.MetStranger(endPoint.Host, endPoint.Port);
        }

        var stream = await AuthenticateAsync(connection, offered, isNamed, ct).ConfigureAwait(false);
        _offer.Learn(endPoint, offered, stream.NegotiatedApplicationProtocol);
        return stream;
    }

    /// <summary>Whether a request is one to a proxy, to make a tunnel, and no WebSocket over HTTP/2 (RFC 8441), which is a CONNECT too.</summary>
    private static bool IsConnectTo(HttpRequestMessage request, DnsEndPoint endPoint) =>
        request.Method == HttpMethod.Connect && request.Headers.Protocol is null && request.IsFor(endPoint);

    private async ValueTask<SslStream> AuthenticateAsync(
        SocketsHttpConnectionContext connection, IReadOnlyList<SslApplicationProtocol> offered, bool isNamed, CancellationToken ct)
    {
        var observer = Watch.Begin(_upstream.Log);
        try
        {
            var transport = await _connect(connection, ct).ConfigureAwait(false);
            if (transport is SslStream)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
                throw new InvalidOperationException("The handler's ConnectCallback returned an SslStream; it must return the transport, and TLS is made as the policy says.");
            }

            var stream = await _handshakes.AuthenticateAsync(transport, connection.DnsEndPoint.Host, offered, isNamed, observer, ct).ConfigureAwait(false);
            observer.Connected(stream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2);
            return stream;
        }
        catch (Exception e)
        {
            observer.Closed();
            if ((e as TlsHandshakeException ?? (e as OperationCanceledException)?.InnerException as TlsHandshakeException) is { } failure)
            {
                Logged(failure);
            }

            throw;
        }
    }

    /// <summary>What must hold before a proxy is connected, because afterwards the pool makes the connection its own way.</summary>
    private void CheckProxied(HttpRequestMessage request, DnsEndPoint endPoint, Uri proxy)
    {
        if (proxy.Scheme == Uri.UriSchemeHttps)
        {
            throw Logged(_handshakes.Failures.Create(DiagnosticCodes.HttpsProxy, proxy.IdnHost,
                "the proxy is connected by TLS itself (https://), and the handler would show it the client certificate and the trust that are the upstream's.",
                "the proxy can be reached by http:// as well"));
        }

        // A CONNECT to the proxy names its destination in its Host header, which the pool writes. Through SOCKS, the
        // request itself is the only one who knows it.
        var isTunnel = IsConnectTo(request, endPoint);
        if (!isTunnel && !request.IsTls())
        {
            return;
        }

        var destination = isTunnel ? Authority.TryParse(request.Headers.Host) : Authority.Of(request.RequestUri!);
        CheckTunnel(destination ?? throw Logged(_handshakes.Failures.Create(DiagnosticCodes.ThroughProxy, proxy.IdnHost, "the destination behind the proxy is not known.")));
    }

    private void CheckTunnel(Authority destination)
    {
        var isNamed = _authorities.IsNamed(destination);
        if (_upstream.Context.Policy.ServerName is { } name && HostName.TryParse(destination.Host)?.Text != name)
        {
            throw Logged(_handshakes.Failures.Create(DiagnosticCodes.ServerNameThroughProxy, destination.Host,
                $"the policy's serverName is {name}, and through a proxy the handler can send and verify only the host of the request.",
                "the upstream can be reached without the proxy, or by a URI with that host"));
        }

        if (_handshakes.FavorsUpstream && !isNamed)
        {
            throw Logged(_handshakes.Failures.Create(DiagnosticCodes.RedirectThroughProxy, destination.Host,
                $"the upstream redirected to {destination}, which no caller named; through a proxy the client certificate cannot be kept from it, nor can it be validated apart.",
                "the redirect is not wanted (AllowAutoRedirect = false), or its target is a client of its own"));
        }
    }

    private TlsHandshakeException Logged(TlsHandshakeException failure)
    {
        _upstream.Log.Failed(failure);
        return failure;
    }
}
