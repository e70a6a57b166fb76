namespace FlexTls;

/// <summary>The upstream of a cluster.</summary>
/// <param name="Name">The name of its Service.</param>
/// <param name="IsNamed">Whether the cluster's metadata name it, so that it must exist.</param>
internal sealed record ClusterUpstream(string Name, bool IsNamed)
{
    /// <summary>Whether metadata have the key in several spellings, of which only one would count.</summary>
    public static bool IsNamedTwice(IReadOnlyDictionary<string, string>? metadata) =>
        metadata?.Keys.Count(IsKey) > 1;

    /// <summary>
    /// The upstream of a cluster. The key counts in any spelling, as in configurations, and with any value: a cluster
    /// that has it never falls back to the platform's TLS.
    /// </summary>
    public static ClusterUpstream Of(string clusterId, IReadOnlyDictionary<string, string>? metadata)
    {
        foreach (var (key, name) in metadata ?? new Dictionary<string, string>())
        {
            if (IsKey(key))
            {
                return new ClusterUpstream(name ?? "", IsNamed: true);
            }
        }

        return new ClusterUpstream(clusterId, IsNamed: false);
    }

    /// <summary>What happens to its requests while there is no policy.</summary>
    public UnboundClientBehavior WhileUnbound(OutboundTlsProxyOptions options) =>
        IsNamed ? UnboundClientBehavior.Refuse : options.UnboundClusters;

    private static bool IsKey(string key) =>
        key.Equals(OutboundTlsProxyOptions.MetadataKey, StringComparison.OrdinalIgnoreCase);
}
