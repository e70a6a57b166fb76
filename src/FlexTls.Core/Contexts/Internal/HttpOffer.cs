using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;

namespace FlexTls.Contexts;

/// <summary>
/// The part of a policy's application protocols that a connection of an HTTP handler may offer. The handler's pool
/// treats a connection by what the request asked for, not by what was negotiated, so the offer must fit the request.
/// </summary>
internal sealed class HttpOffer
{
    private readonly IReadOnlyList<SslApplicationProtocol> _all;
    private readonly IReadOnlyList<SslApplicationProtocol> _withoutHttp2;
    private readonly IReadOnlyList<SslApplicationProtocol> _withoutHttp11;
    private readonly string _upstream;

    // The pool stays on HTTP/1.1 for an authority that once answered so, while requests still ask for 2.0 or lower.
    // One that cannot be lowered never gets such a connection.
    private readonly ConcurrentDictionary<DnsEndPoint, bool> _http11Only = new();

    public HttpOffer(TlsContext context)
    {
        _all = [.. context.Effective.Alpn.Select(id => new SslApplicationProtocol(id))];
        _withoutHttp2 = [.. _all.Where(protocol => protocol != SslApplicationProtocol.Http2)];
        _withoutHttp11 = [.. _all.Where(protocol => protocol != SslApplicationProtocol.Http11)];
        _upstream = context.Name is null ? "the policy" : $"the policy of upstream '{context.Name}'";
    }

    /// <summary>What to offer for a connection to an end point, made for a request of this version.</summary>
    /// <exception cref="HttpRequestException">The policy has no protocol that fits the request.</exception>
    public IReadOnlyList<SslApplicationProtocol> For(DnsEndPoint endPoint, Version version, HttpVersionPolicy versionPolicy)
    {
        var isHttp2Possible = version >= HttpVersion.Version20
            || (version == HttpVersion.Version11 && versionPolicy == HttpVersionPolicy.RequestVersionOrHigher);
        var isHttp11Possible = version < HttpVersion.Version20 || versionPolicy == HttpVersionPolicy.RequestVersionOrLower;
        var offered = !isHttp11Possible ? _withoutHttp11
            : !isHttp2Possible || _http11Only.ContainsKey(endPoint) ? _withoutHttp2
            : _all;
        return offered.Count > 0 || _all.Count == 0 ? offered : throw new HttpRequestException(HttpRequestError.VersionNegotiationError,
            $"The request asks for HTTP {version} ({versionPolicy}); {_upstream} allows {string.Join(", ", _all)} alone.");
    }

    /// <summary>Remembers what a server chose.</summary>
    public void Learn(DnsEndPoint endPoint, IReadOnlyList<SslApplicationProtocol> offered, SslApplicationProtocol chosen)
    {
        if (chosen != SslApplicationProtocol.Http2 && offered.Contains(SslApplicationProtocol.Http2))
        {
            _http11Only[endPoint] = true;
        }
    }
}
