namespace FlexTls;

/// <summary>Why what a source holds is not in force.</summary>
/// <param name="Diagnostics">What is wrong with it.</param>
/// <param name="Since">Since when the source holds something that cannot be used.</param>
public sealed record UpstreamTlsDegradation(IReadOnlyList<TlsPolicyDiagnostic> Diagnostics, DateTimeOffset Since);
