using System.Net;
using System.Net.Security;

namespace FlexTls;

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
        _all = Http2Switch.IsOn
            ? context.Alpn
            : [.. context.Alpn.Where(protocol => protocol != SslApplicationProtocol.Http2)];
        _withoutHttp2 = [.. _all.Where(protocol => protocol != SslApplicationProtocol.Http2)];
        _withoutHttp11 = [.. _all.Where(protocol => protocol != SslApplicationProtocol.Http11)];
        _upstream = HttpVersionRules.PolicyOf(context);
    }

    /// <summary>Whether the pool would use the connection for HTTP/2 if the server chooses it.</summary>
    public static bool IsHttp2Possible(Version version, HttpVersionPolicy versionPolicy) =>
        version >= HttpVersion.Version20
        || (version == HttpVersion.Version11 && versionPolicy == HttpVersionPolicy.RequestVersionOrHigher);

    /// <summary>The offer for a connection that a request of this version needs.</summary>
    /// <param name="version">The request's version.</param>
    /// <param name="versionPolicy">The other versions that it accepts.</param>
    /// <param name="isHttp11Only">Whether the pool would treat the connection as one of HTTP/1.1.</param>
    /// <exception cref="HttpRequestException">The policy has no protocol that fits the request.</exception>
    public IReadOnlyList<SslApplicationProtocol> For(
        Version version, HttpVersionPolicy versionPolicy, bool isHttp11Only)
    {
        var isHttp11Possible = version < HttpVersion.Version20
            || versionPolicy == HttpVersionPolicy.RequestVersionOrLower;
        var offered = !isHttp11Possible
            ? _withoutHttp11
            : !IsHttp2Possible(version, versionPolicy) || isHttp11Only
            ? _withoutHttp2
            : _all;
        return offered.Count > 0 || _all.Count == 0
            ? offered
            : throw new HttpRequestException(HttpRequestError.VersionNegotiationError,
            $"The request asks for HTTP {version} ({versionPolicy}); "
            + $"{_upstream} allows only {string.Join(", ", _all)}.");
    }
}
