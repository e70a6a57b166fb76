using Yarp.ReverseProxy.Forwarder;

namespace FlexTls;

/// <summary>How the clusters of a reverse proxy are put under policies.</summary>
public sealed class OutboundTlsProxyOptions
{
    /// <summary>
    /// The key of a cluster's metadata whose value names its policy: <c>orders</c>, or <c>payments/orders</c>.
    /// </summary>
    public const string MetadataKey = "OutboundTls";

    /// <summary>
    /// What happens to a cluster without a policy: its metadata name none, and no Service has the cluster's id. Once a
    /// policy for that Service arrives, the cluster is under it. Default: <see cref="UnboundClientBehavior.Stock"/>.
    /// With <see cref="UnboundClientBehavior.Refuse"/> such a cluster is an error when the configuration is loaded.
    /// <c>MapForwarder</c> without a client follows it too; with <see cref="UnboundClientBehavior.Refuse"/> the start
    /// fails (FTLS7034).
    /// </summary>
    public UnboundClientBehavior UnboundClusters { get; set; }

    /// <summary>
    /// Configures the handler of a cluster's client, after the cluster's <c>HttpClient</c> settings: what
    /// <c>ConfigureHttpClient</c> is for in a proxy without FlexTls. TLS settings are errors for clusters under a
    /// policy. It also runs each time a cluster is checked, on a handler that sends nothing, so it must have no side
    /// effects; and for <c>MapForwarder</c> calls without a client, where <c>ClusterId</c> is <see langword="null"/>.
    /// Default: nothing.
    /// </summary>
    public Action<ForwarderHttpClientContext, SocketsHttpHandler>? ConfigureHandler { get; set; }
}
