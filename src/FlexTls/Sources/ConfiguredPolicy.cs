using FlexTls.Diagnostics;

namespace FlexTls.Sources;

/// <summary>The policy of one upstream in a section of the configuration.</summary>
/// <param name="Name">The upstream as it is written.</param>
/// <param name="Place">Where it is written.</param>
/// <param name="Policy">The policy; <see langword="null"/> if there is an error in it.</param>
/// <param name="Diagnostics">What was found in this policy.</param>
internal sealed record ConfiguredPolicy(string Name, Place Place, OutboundTlsPolicy? Policy, IReadOnlyList<TlsPolicyDiagnostic> Diagnostics);
