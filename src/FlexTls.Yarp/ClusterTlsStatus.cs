namespace FlexTls;

/// <summary>The upstream of one cluster at one moment.</summary>
public sealed class ClusterTlsStatus
{
    internal ClusterTlsStatus()
    {
    }

    /// <summary>The id of the cluster.</summary>
    public required string ClusterId { get; init; }

    /// <summary>
    /// The upstream that the cluster's name means now, as in <see cref="IOutboundTlsManager.GetStatus"/>;
    /// <see langword="null"/>: there is none, or several. A cluster that is already under a policy keeps that upstream
    /// until it gets another client, even if its name means another one meanwhile.
    /// </summary>
    public required UpstreamTlsStatus? Upstream { get; init; }

    /// <summary>
    /// What happens to the cluster's requests while it has no upstream; <see langword="null"/>: it has one.
    /// </summary>
    public required UnboundClientBehavior? WhileUnbound { get; init; }
}
