using System.Net;
using System.Net.Security;
using FlexTls.Handshakes;

namespace FlexTls.Http;

/// <summary>
/// The parts of a policy's application protocols that a connection of an HTTP handler may offer. The handler's pool
/// treats a connection by what the request asked for, not by what was negotiated, so the offer must fit the request.
/// </summary>
internal sealed class OfferedProtocols
{
    private readonly IReadOnlyList<SslApplicationProtocol> _all;
    private readonly IReadOnlyList<SslApplicationProtocol> _withoutHttp2;
    private readonly IReadOnlyList<SslApplicationProtocol> _withoutHttp11;
    private readonly string _upstream;

    public OfferedProtocols(ContextGeneration context)
    {
        _all = context.Alpn;
        _withoutHttp2 = [.. _all.Where(protocol => protocol != SslApplicationProtocol.Http2)];
        _withoutHttp11 = [.. _all.Where(protocol => protocol != SslApplicationProtocol.Http11)];
        _upstream = HttpVersionRules.PolicyOf(context);
    }

    /// <summary>What to offer for a connection that is made for a request of this version.</summary>
    /// <param name="version">The request's version.</param>
    /// <param name="versionPolicy">What else it would do with.</param>
    /// <param name="isHttp11Only">Whether the pool would treat the connection as one of HTTP/1.1.</param>
    /// <exception cref="HttpRequestException">The policy has no protocol that fits the request.</exception>
    public IReadOnlyList<SslApplicationProtocol> For(Version version, HttpVersionPolicy versionPolicy, bool isHttp11Only)
    {
        var isHttp2Possible = version >= HttpVersion.Version20
            || (version == HttpVersion.Version11 && versionPolicy == HttpVersionPolicy.RequestVersionOrHigher);
        var isHttp11Possible = version < HttpVersion.Version20 || versionPolicy == HttpVersionPolicy.RequestVersionOrLower;
        var offered = !isHttp11Possible ? _withoutHttp11 : !isHttp2Possible || isHttp11Only ? _withoutHttp2 : _all;
        return offered.Count > 0 || _all.Count == 0 ? offered : throw new HttpRequestException(HttpRequestError.VersionNegotiationError,
            $"The request asks for HTTP {version} ({versionPolicy}); {_upstream} allows {string.Join(", ", _all)} alone.");
    }
}
