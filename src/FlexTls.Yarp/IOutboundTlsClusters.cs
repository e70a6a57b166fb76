namespace FlexTls;

/// <summary>Shows the policies of a reverse proxy's clusters. A singleton; thread-safe.</summary>
public interface IOutboundTlsClusters
{
    /// <summary>Returns the clusters of the configuration in force.</summary>
    /// <returns>An immutable snapshot, by cluster id.</returns>
    /// <exception cref="TlsPolicyException">
    /// The registered policies cannot be used; the exception lists all faults.
    /// </exception>
    IReadOnlyList<ClusterTlsStatus> GetStatus();
}
