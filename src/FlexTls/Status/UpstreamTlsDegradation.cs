namespace FlexTls;

/// <summary>Why the policy in a source is not in force, or does not reach a client.</summary>
public sealed class UpstreamTlsDegradation
{
    /// <summary>The faults.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Diagnostics { get; init; } = [];

    /// <summary>When the degradation began.</summary>
    public DateTimeOffset Since { get; init; }
}
