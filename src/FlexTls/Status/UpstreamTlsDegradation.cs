namespace FlexTls;

/// <summary>Why the policy in a source is not in force, or does not reach a client.</summary>
/// <param name="Diagnostics">The faults.</param>
/// <param name="Since">When the degradation began.</param>
public sealed record UpstreamTlsDegradation(IReadOnlyList<TlsPolicyDiagnostic> Diagnostics, DateTimeOffset Since);
