namespace FlexTls;

/// <summary>Applies a policy to requests before they are sent.</summary>
internal sealed class RequestRules(HandlerBlueprint blueprint, ContextGeneration context)
{
    private readonly HttpVersionRules _versions = new(context);

    /// <summary>Applies the policy to a request; returns a refusal instead of throwing it. Allocates nothing.</summary>
    public HttpRequestException? Apply(HttpRequestMessage request, Uri? proxy, bool isSynchronous) =>
        (request.IsTls() ? null : RefusedPlain(request))
        ?? (proxy is null ? null : RefusedProxy(request, proxy))
        ?? (request.IsTls() ? _versions.Apply(request, isSynchronous) : null);

    /// <summary>
    /// Whether a request is a WebSocket over HTTP/2 for which its sender may try HTTP/1.1 next. Allocates nothing.
    /// </summary>
    public bool MayFallBack(HttpRequestMessage request) =>
        request.Method == HttpMethod.Connect && request.ExistingHeaders()?.Protocol is not null
        && _versions.HasHttp11;

    /// <summary>
    /// A client under a policy makes no plain requests. The platform itself refuses requests without an absolute URI.
    /// </summary>
    private HttpRequestException? RefusedPlain(HttpRequestMessage request)
    {
        return request.RequestUri is { IsAbsoluteUri: true } uri
            && PlainHttp.Refusal(context, blueprint.AllowsPlainHttp, uri) is { } refusal ? Logged(refusal) : null;
    }

    private HttpRequestException? RefusedProxy(HttpRequestMessage request, Uri proxy)
    {
        if (proxy.Scheme == Uri.UriSchemeHttps)
        {
            return Logged(context.Failures.Create(DiagnosticCodes.HttpsProxy, proxy.AsciiHost(),
                "the proxy is connected by TLS itself (https://), "
                + "and the handler would use the upstream's client certificate and trust anchors for it.",
                "the proxy can be reached by http:// as well"));
        }

        return request.IsTls() ? RefusedHostHeader(request) : null;
    }

    /// <summary>
    /// Through a proxy the pool takes the server name, and the name to verify, from the Host header. In a gateway that
    /// header comes from the caller, who must not choose what the upstream has to prove.
    /// </summary>
    private HttpRequestException? RefusedHostHeader(HttpRequestMessage request)
    {
        if (request.Host() is not { } written)
        {
            return null;
        }

        var host = HostName.TryParse(request.RequestUri!.AsciiHost());
        if (host is not null && Authority.TryParse(written) is { } named && HostName.TryParse(named.Host) == host)
        {
            return null;
        }

        return Logged(context.Failures.Create(
            DiagnosticCodes.ServerNameThroughProxy, request.RequestUri!.AsciiHost(),
            "the request's Host header differs from its URI, "
            + "and through a proxy the handler would send and verify that name.",
            "the header can be left out"));
    }

    private HttpRequestException Logged(TlsHandshakeException failure)
    {
        blueprint.Upstream.Log.Failed(failure, isOfUpstream: false);
        return LateRefusal.InTheShapeOfOthers(failure);
    }
}
