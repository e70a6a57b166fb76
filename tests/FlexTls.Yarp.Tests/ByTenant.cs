using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace FlexTls.Proxies;

/// <summary>Each request chooses the upstream that its route names.</summary>
internal sealed class ByTenant : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix,
        CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Options.Set(OutboundTlsRequest.Upstream, (string)httpContext.Request.RouteValues["tenant"]!);
    }
}
