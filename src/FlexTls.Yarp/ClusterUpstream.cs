namespace FlexTls;

/// <summary>The upstream of a cluster.</summary>
/// <param name="Name">The name of its Service.</param>
/// <param name="IsNamed">Whether the cluster's metadata name it, so that it must exist.</param>
internal sealed record ClusterUpstream(string Name, bool IsNamed)
{
    /// <summary>The key of a cluster's metadata that names its policy.</summary>
    public const string MetadataKey = "OutboundTls";

    public static ClusterUpstream Of(string clusterId, IReadOnlyDictionary<string, string>? metadata) =>
        metadata is not null && metadata.TryGetValue(MetadataKey, out var name)
            ? new ClusterUpstream(name, IsNamed: true)
            : new ClusterUpstream(clusterId, IsNamed: false);

    /// <summary>What happens to its requests while there is no policy.</summary>
    public UnboundClientBehavior WhileUnbound(OutboundTlsProxyOptions options) =>
        IsNamed ? UnboundClientBehavior.Refuse : options.UnboundClusters;
}
