namespace FlexTls;

/// <summary>The JSON answer if the policies cannot be used; the faults have the name that they have in a status.</summary>
/// <param name="Faults">All findings.</param>
internal sealed record UnusablePolicies(IReadOnlyList<TlsPolicyDiagnostic> Faults);
