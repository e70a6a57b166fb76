using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;

namespace FlexTls.Contexts;

/// <summary>
/// Connections of a <see cref="SocketsHttpHandler"/> under a context. The handler overwrites application protocols and
/// server name of its own handshakes, so its connect callback hands it streams that are authenticated already.
/// </summary>
internal sealed class HttpConnections
{
    private readonly TlsContext _context;

    // The pool stays on HTTP/1.1 for an authority that once answered so, while requests still ask for 2.0.
    private readonly ConcurrentDictionary<DnsEndPoint, bool> _http11Only = new();

    private HttpConnections(TlsContext context) => _context = context;

    public static void Attach(TlsContext context, SocketsHttpHandler handler, RemoteCertificateValidationCallback refuse)
    {
        if (handler.ConnectCallback is not null)
        {
            throw new InvalidOperationException("The handler has a ConnectCallback, which the TLS context would replace.");
        }

        // TLS of the handler's own making, such as through a proxy, would take the server's name from the Host header
        // and the protocols from the request. It is refused, and has no client certificate that it could show.
        handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = refuse };
        handler.ConnectCallback = new HttpConnections(context).ConnectAsync;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connection, CancellationToken ct)
    {
        // Read before the first await: a redirect may change the request under a pending attempt. Whom to trust comes
        // from the end point alone; the request only hints at what to offer.
        var endPoint = connection.DnsEndPoint;
        var request = connection.InitialRequestMessage;
        var isOurs = request.Method != HttpMethod.Connect && request.RequestUri is { } uri && uri.Scheme is "https" or "wss"
            && uri.IdnHost.Trim('[', ']') == endPoint.Host.Trim('[', ']') && uri.Port == endPoint.Port;
        var protocols = isOurs ? Protocols(request, endPoint) : [];

        var transport = await TcpConnector.ConnectAsync(endPoint, ct).ConfigureAwait(false);
        if (!isOurs)
        {
            return transport;
        }

        var stream = await _context.AuthenticateAsClientAsync(transport, endPoint.Host, protocols, ct).ConfigureAwait(false);
        if (protocols.Contains(SslApplicationProtocol.Http2) && stream.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
        {
            _http11Only[endPoint] = true;
        }

        return stream;
    }

    /// <summary>The part of the policy's list that fits the request: what the pool does with the answer depends on it.</summary>
    private List<SslApplicationProtocol> Protocols(HttpRequestMessage request, DnsEndPoint endPoint)
    {
        var listed = _context.Effective.Alpn.Select(id => new SslApplicationProtocol(id)).ToList();
        var isHttp2Possible = request.Version >= HttpVersion.Version20
            || (request.Version == HttpVersion.Version11 && request.VersionPolicy == HttpVersionPolicy.RequestVersionOrHigher);
        Predicate<SslApplicationProtocol> isLeftOut =
            !isHttp2Possible || _http11Only.ContainsKey(endPoint) ? protocol => protocol == SslApplicationProtocol.Http2
            : request.VersionPolicy == HttpVersionPolicy.RequestVersionOrLower || request.Version < HttpVersion.Version20 ? _ => false
            : protocol => protocol == SslApplicationProtocol.Http11;
        if (listed.Count > 0 && listed.TrueForAll(isLeftOut))
        {
            throw new HttpRequestException(HttpRequestError.VersionNegotiationError,
                $"The request asks for HTTP {request.Version} ({request.VersionPolicy}); the policy of {_context.Name ?? endPoint.Host} allows {string.Join(", ", listed)} alone.");
        }

        listed.RemoveAll(isLeftOut);
        return listed;
    }
}
