using System.Net;

namespace FlexTls;

/// <summary>
/// Determines the HTTP version of a request from the <c>alpn</c> of its policy: the policy decides, whatever a client
/// library asks for by default. The table is in docs/http.md.
/// </summary>
internal sealed class HttpVersionRules
{
    private readonly bool _hasHttp2;
    private readonly string _policy;

    public HttpVersionRules(ContextGeneration context)
    {
        var alpn = context.Effective.Alpn;
        _hasHttp2 = alpn.Contains("h2") && Http2Switch.IsOn;
        HasHttp11 = alpn.Count == 0 || alpn.Contains("http/1.1");
        _policy = $"{PolicyOf(context)} (alpn: {context.Policy.AlpnShown})";
    }

    /// <summary>Whether the policy allows HTTP/1.1.</summary>
    public bool HasHttp11 { get; }

    /// <summary>Describes the policy's owner: a context from a factory may have no name.</summary>
    public static string PolicyOf(ContextGeneration context) =>
        context.Name is null ? "the policy" : $"the policy of upstream '{context.Name}'";

    /// <summary>Changes the version of a request to the policy's; returns a refusal instead of throwing it.</summary>
    public HttpRequestException? Apply(HttpRequestMessage request, bool isSynchronous)
    {
        var asked = RequestedVersions.Of(request);
        var (version, policy) = asked;
        if (!_hasHttp2)
        {
            return version.Major >= 2 && policy == HttpVersionPolicy.RequestVersionExact
                ? Refusal(request, asked, "does not offer it")
                : Become(request, asked, HttpVersion.Version11, HttpVersionPolicy.RequestVersionOrLower);
        }

        if (version.Major >= 3 && policy != HttpVersionPolicy.RequestVersionOrLower)
        {
            return Refusal(request, asked, "covers TLS over TCP, and HTTP/3 would go past it over QUIC");
        }

        var isHttp2OnPurpose = version.Major >= 2 && policy != HttpVersionPolicy.RequestVersionOrLower;
        if (IsHttp11OnPurpose(request, asked, isSynchronous))
        {
            return !HasHttp11 ? Refusal(request, asked, "offers only h2")
                : isHttp2OnPurpose && !isSynchronous
                    ? Refusal(request, asked, "offers h2 for that, and HTTP/2 has no Upgrade")
                : AsHttp11(request, asked, isSynchronous);
        }

        return Become(request, asked, HttpVersion.Version20,
            isHttp2OnPurpose || !HasHttp11
                ? HttpVersionPolicy.RequestVersionExact
                : HttpVersionPolicy.RequestVersionOrLower);
    }

    /// <summary>
    /// Whether a request cannot go over HTTP/2. A deliberate version 1.1 is marked as exact; otherwise it is the
    /// untouched default.
    /// </summary>
    private static bool IsHttp11OnPurpose(
        HttpRequestMessage request, RequestedVersions.Choice asked, bool isSynchronous) =>
        isSynchronous
        || asked.Version < HttpVersion.Version11
        || (asked.Version == HttpVersion.Version11 && asked.Policy == HttpVersionPolicy.RequestVersionExact)
        || request.HasUpgrade();

    /// <summary>
    /// Keeps the version at HTTP/1, and keeps the pool from raising it. The platform itself refuses requests that
    /// cannot be sent synchronously.
    /// </summary>
    private static HttpRequestException? AsHttp11(
        HttpRequestMessage request, RequestedVersions.Choice asked, bool isSynchronous)
    {
        if (isSynchronous)
        {
            return Become(request, asked, asked.Version, asked.Policy);
        }

        var version = asked.Version < HttpVersion.Version11 ? asked.Version : HttpVersion.Version11;
        var isExact = asked.Policy == HttpVersionPolicy.RequestVersionExact;
        return Become(request, asked, version, isExact ? asked.Policy : HttpVersionPolicy.RequestVersionOrLower);
    }

    private static HttpRequestException? Become(
        HttpRequestMessage request, RequestedVersions.Choice asked, Version version, HttpVersionPolicy policy)
    {
        RequestedVersions.Write(request, asked, new RequestedVersions.Choice(version, policy));
        return null;
    }

    private HttpRequestException Refusal(HttpRequestMessage request, RequestedVersions.Choice asked, string reason)
    {
        var refusal = new HttpRequestException(
            HttpRequestError.VersionNegotiationError,
            $"The request needs HTTP {asked.Version} "
            + $"({asked.Policy}{(request.HasUpgrade() ? ", with an Upgrade header" : "")}); {_policy} {reason}.");
        if (!_hasHttp2)
        {
            ExtendedConnect.SuggestHttp11(refusal);
        }

        return refusal;
    }
}
