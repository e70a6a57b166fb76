using System.Net;
using FlexTls.Contexts;

namespace FlexTls.Connections;

/// <summary>
/// Which HTTP version a request becomes under the <c>alpn</c> of its policy: the policy decides, whatever a client
/// library asks for by default. The table is in docs/http.md.
/// </summary>
internal sealed class HttpVersionRules
{
    private readonly bool _hasHttp2;
    private readonly bool _hasHttp11;
    private readonly string _policy;

    public HttpVersionRules(ContextGeneration context)
    {
        var alpn = context.Effective.Alpn;
        _hasHttp2 = alpn.Contains("h2");
        _hasHttp11 = alpn.Count == 0 || alpn.Contains("http/1.1");
        _policy = $"the policy of upstream '{context.Name}' (alpn: {context.Policy.AlpnShown})";
    }

    /// <summary>Changes the version of a request to that of the policy; a refusal is returned, not thrown.</summary>
    public HttpRequestException? Apply(HttpRequestMessage request, bool isSynchronous)
    {
        var (version, policy) = (request.Version, request.VersionPolicy);
        if (!_hasHttp2)
        {
            return version.Major >= 2 && policy == HttpVersionPolicy.RequestVersionExact
                ? Refusal(request, "does not offer it")
                : Become(request, HttpVersion.Version11, HttpVersionPolicy.RequestVersionOrLower);
        }

        if (version.Major >= 3 && policy != HttpVersionPolicy.RequestVersionOrLower)
        {
            return Refusal(request, "covers TLS over TCP, and HTTP/3 would go past it over QUIC");
        }

        var isHttp2OnPurpose = version.Major >= 2 && policy != HttpVersionPolicy.RequestVersionOrLower;
        if (IsHttp11OnPurpose(request, isSynchronous))
        {
            return !_hasHttp11 ? Refusal(request, "offers h2 alone")
                : isHttp2OnPurpose && !isSynchronous ? Refusal(request, "offers h2 for that, and HTTP/2 has no Upgrade")
                : AsHttp11(request, isSynchronous);
        }

        return Become(request, HttpVersion.Version20,
            isHttp2OnPurpose || !_hasHttp11 ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower);
    }

    /// <summary>What cannot go over HTTP/2. Version 1.1 on purpose is written as exactly that: otherwise it is what nobody touched.</summary>
    private static bool IsHttp11OnPurpose(HttpRequestMessage request, bool isSynchronous) =>
        isSynchronous
        || request.Version < HttpVersion.Version11
        || (request.Version == HttpVersion.Version11 && request.VersionPolicy == HttpVersionPolicy.RequestVersionExact)
        || request.HasUpgrade();

    /// <summary>The version stays HTTP/1, and must not be raised by the pool either. What cannot be sent synchronously, the platform refuses itself.</summary>
    private static HttpRequestException? AsHttp11(HttpRequestMessage request, bool isSynchronous)
    {
        if (isSynchronous)
        {
            return null;
        }

        var version = request.Version < HttpVersion.Version11 ? request.Version : HttpVersion.Version11;
        var policy = request.VersionPolicy == HttpVersionPolicy.RequestVersionExact ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower;
        return Become(request, version, policy);
    }

    private static HttpRequestException? Become(HttpRequestMessage request, Version version, HttpVersionPolicy policy)
    {
        (request.Version, request.VersionPolicy) = (version, policy);
        return null;
    }

    private HttpRequestException Refusal(HttpRequestMessage request, string reason)
    {
        var refusal = new HttpRequestException(
            HttpRequestError.VersionNegotiationError,
            $"The request needs HTTP {request.Version} ({request.VersionPolicy}{(request.HasUpgrade() ? ", with an Upgrade header" : "")}); {_policy} {reason}.");
        if (!_hasHttp2)
        {
            // By this a ClientWebSocket that may be lowered knows that it should try HTTP/1.1; the platform's pool says it so.
            refusal.Data["HTTP2_ENABLED"] = false;
        }

        return refusal;
    }
}
