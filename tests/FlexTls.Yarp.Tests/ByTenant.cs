using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace FlexTls.Proxies;

/// <summary>Each request chooses the upstream of its user, as docs/gateway.md shows.</summary>
// <snippet>
internal sealed class ByTenant : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix,
        CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Options.Set(OutboundTlsRequest.Upstream, httpContext.User.FindFirst("tenant")!.Value);
    }
}
// </snippet>
