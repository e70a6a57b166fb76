namespace FlexTls;

/// <summary>
/// The status of every upstream at one moment. Serializable by <c>System.Text.Json</c>; contains no secret.
/// </summary>
public sealed class OutboundTlsStatus
{
    internal OutboundTlsStatus()
    {
    }

    /// <summary>
    /// The upstreams: those of Services first, then those of clients with a policy of their own, each kind by name
    /// (ordinal).
    /// </summary>
    public required IReadOnlyList<UpstreamTlsStatus> Upstreams { get; init; }

    /// <summary>
    /// The faults in the last reading of the policies: those of upstreams, and those of files that have no upstream
    /// yet. Empty: everything is in force.
    /// </summary>
    public required IReadOnlyList<TlsPolicyDiagnostic> Faults { get; init; }

    /// <summary>
    /// Whether any upstream is <see cref="UpstreamTlsState.Degraded"/>, or there are <see cref="Faults"/>.
    /// </summary>
    public bool IsDegraded =>
        Faults.Count > 0 || Upstreams.Any(upstream => upstream.State == UpstreamTlsState.Degraded);
}
