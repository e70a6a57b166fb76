namespace FlexTls;

/// <summary>What holds for every upstream at one moment. Fit for <c>System.Text.Json</c>; holds no secret.</summary>
public sealed class OutboundTlsStatus
{
    internal OutboundTlsStatus()
    {
    }

    /// <summary>The upstreams: those of Services first, then those of clients with a policy of their own, each kind by name (ordinal).</summary>
    public required IReadOnlyList<UpstreamTlsStatus> Upstreams { get; init; }

    /// <summary>Whether any upstream is <see cref="UpstreamTlsState.Degraded"/>.</summary>
    public bool IsDegraded => Upstreams.Any(upstream => upstream.State == UpstreamTlsState.Degraded);
}
