namespace FlexTls;

/// <summary>What holds for every upstream at one moment. Fit for <c>System.Text.Json</c>; holds no secret.</summary>
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
    /// What cannot be used of the policies as they were read last: the faults of upstreams, and those of files that
    /// have no upstream yet. Empty: all is in force.
    /// </summary>
    public required IReadOnlyList<TlsPolicyDiagnostic> Faults { get; init; }

    /// <summary>
    /// Whether any upstream is <see cref="UpstreamTlsState.Degraded"/>, or there are <see cref="Faults"/>.
    /// </summary>
    public bool IsDegraded =>
        Faults.Count > 0 || Upstreams.Any(upstream => upstream.State == UpstreamTlsState.Degraded);
}
