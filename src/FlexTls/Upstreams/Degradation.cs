namespace FlexTls.Upstreams;

/// <summary>Why an upstream goes on under a policy that its source does not hold any more, and since when.</summary>
internal sealed record Degradation(IReadOnlyList<TlsPolicyDiagnostic> Faults, DateTimeOffset Since)
{
    /// <summary>Whether the faults are the same, wherever they have moved in time.</summary>
    public bool HasFaults(IReadOnlyList<TlsPolicyDiagnostic> faults) => Faults.SequenceEqual(faults);
}
