namespace FlexTls;

/// <summary>How a client's requests are treated.</summary>
/// <param name="Handler">Our handler for them; <see langword="null"/>: the client has no policy.</param>
/// <param name="Faults">Why all its requests are refused; empty: they are not.</param>
/// <param name="Version">
/// The version of the upstreams for which this holds; <see cref="Undecided"/>: the next request decides again.
/// </param>
/// <param name="FaultsOfName">
/// Why requests that choose no upstream are refused; <see langword="null"/>: the client's name has no fault.
/// </param>
internal sealed record ClientDecision(
    OutboundTlsHandler? Handler, IReadOnlyList<TlsPolicyDiagnostic> Faults, int Version,
    IReadOnlyList<TlsPolicyDiagnostic>? FaultsOfName = null)
{
    public const int Undecided = -1;
}
