namespace FlexTls;

/// <summary>The policy of one cluster at one moment.</summary>
public sealed class ClusterTlsStatus
{
    internal ClusterTlsStatus()
    {
    }

    /// <summary>The id of the cluster.</summary>
    public required string ClusterId { get; init; }

    /// <summary>
    /// The upstream whose policy the cluster is under, as in <see cref="IOutboundTlsManager.GetStatus"/>;
    /// <see langword="null"/>: none.
    /// </summary>
    public required UpstreamTlsStatus? Upstream { get; init; }

    /// <summary>
    /// What happens to the requests of a cluster under no policy; <see langword="null"/>: it is under one.
    /// </summary>
    public required UnboundClientBehavior? Unbound { get; init; }
}
