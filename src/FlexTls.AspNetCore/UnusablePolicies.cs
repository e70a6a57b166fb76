namespace FlexTls;

/// <summary>The JSON answer if the policies cannot be used. The faults have the same name as in a status.</summary>
/// <param name="Faults">All findings.</param>
internal sealed record UnusablePolicies(IReadOnlyList<TlsPolicyDiagnostic> Faults);
