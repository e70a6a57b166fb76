namespace FlexTls;

/// <summary>What becomes of a client's requests.</summary>
/// <param name="Handler">Our handler for them; <see langword="null"/>: the client has no policy.</param>
/// <param name="Faults">Why they are refused; empty: they are not.</param>
/// <param name="Version">The version of the upstreams that it holds for; -1: for no other request.</param>
/// <param name="FaultsOfName">Why those are refused that choose no upstream.</param>
internal sealed record ClientDecision(
    OutboundTlsHandler? Handler, IReadOnlyList<TlsPolicyDiagnostic> Faults, int Version,
    IReadOnlyList<TlsPolicyDiagnostic>? FaultsOfName = null);
