using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;

namespace FlexTls;

/// <summary>The ALPN offers of one HTTP handler's pools, given the servers' earlier choices.</summary>
internal sealed class HttpOffer
{
    private const int MostRemembered = 10_000;

    // For an authority that once chose HTTP/1.1, the pool stays with it for requests of 2.0 or lower. A request that
    // cannot be lowered never gets such a connection. Beyond the bound, an authority is still offered both: it will
    // choose as before, unless the servers of one name differ.
    private readonly ConcurrentDictionary<DnsEndPoint, bool> _http11Only = new(1, 1);

    /// <summary>What to offer for a connection to an end point, made for a request of this version.</summary>
    /// <exception cref="HttpRequestException">The policy has no protocol that fits the request.</exception>
    public IReadOnlyList<SslApplicationProtocol> For(
        OfferedProtocols protocols, DnsEndPoint endPoint, Version version, HttpVersionPolicy versionPolicy) =>
        protocols.For(version, versionPolicy, _http11Only.ContainsKey(endPoint));

    /// <summary>
    /// Remembers the protocol that a server chose. The pool switches to HTTP/1.1 whatever was offered, even if a
    /// changed policy had left out h2.
    /// </summary>
    public void Learn(
        DnsEndPoint endPoint, Version version, HttpVersionPolicy versionPolicy, SslApplicationProtocol chosen)
    {
        if (chosen != SslApplicationProtocol.Http2 && OfferedProtocols.IsHttp2Possible(version, versionPolicy)
            && _http11Only.Count < MostRemembered)
        {
            _http11Only[endPoint] = true;
        }
    }
}
