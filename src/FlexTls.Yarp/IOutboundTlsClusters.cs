namespace FlexTls;

/// <summary>Shows the upstream of each cluster of a reverse proxy. A singleton; thread-safe.</summary>
public interface IOutboundTlsClusters
{
    /// <summary>Returns the status of each cluster in the proxy's current configuration.</summary>
    /// <returns>An immutable snapshot, ordered by cluster id.</returns>
    /// <exception cref="TlsPolicyException">
    /// The registered policies cannot be used; the exception lists all faults.
    /// </exception>
    IReadOnlyList<ClusterTlsStatus> GetStatus();
}
