using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace FlexTls;

/// <summary>Makes the clients of clusters: the proxy's own handlers, behind one that follows the policies.</summary>
internal sealed class ClusterHandlers(
    IOutboundTlsHandlerFactory handlers, IOptions<OutboundTlsProxyOptions> options,
    ILogger<ForwarderHttpClientFactory> logger) : ForwarderHttpClientFactory(logger)
{
    // Not a valid name of a Service, so it never gets a policy.
    private const string ForwarderName = "MapForwarder without a client";

    /// <summary>A handler with a cluster's settings, which sends nothing.</summary>
    public SocketsHttpHandler SettingsOf(ForwarderHttpClientContext context)
    {
        var handler = new SocketsHttpHandler();
        ConfigureHandler(context, handler);
        return handler;
    }

    /// <summary>
    /// A changed policy is a generation of the same client; only a policy of another name needs another client.
    /// </summary>
    protected override bool CanReuseOldClient(ForwarderHttpClientContext context) =>
        base.CanReuseOldClient(context)
        && ClusterUpstream.Of(context.ClusterId, context.OldMetadata)
            == ClusterUpstream.Of(context.ClusterId, context.NewMetadata);

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        options.Value.ConfigureHandler?.Invoke(context, handler);
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler)
    {
        if (context.ClusterId is null)
        {
            return WithoutCluster((SocketsHttpHandler)handler);
        }

        var upstream = ClusterUpstream.Of(context.ClusterId, context.NewMetadata);
        return handlers.CreateLateBoundHandler(
            upstream.Name, upstream.WhileUnbound(options.Value), (SocketsHttpHandler)handler,
            $"cluster '{context.ClusterId}'");
    }

    /// <summary>For <c>MapForwarder</c> without a client, to whatever destination.</summary>
    private HttpMessageHandler WithoutCluster(SocketsHttpHandler handler) =>
        options.Value.UnboundClusters != UnboundClientBehavior.Refuse
            ? handlers.CreateLateBoundHandler(ForwarderName, options.Value.UnboundClusters, handler)
            : throw new TlsPolicyException([ProxyCodes.Fault(ProxyCodes.ForwarderWithoutClient,
                $"{ForwarderName}: its client knows no cluster and no policy, and UnboundClusters is Refuse; pass "
                + "it a client with a handler of IOutboundTlsHandlerFactory.")]);
}
