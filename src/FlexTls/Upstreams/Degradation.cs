namespace FlexTls.Upstreams;

/// <summary>Why an upstream keeps a policy that its source no longer contains, and since when.</summary>
internal sealed record Degradation(IReadOnlyList<TlsPolicyDiagnostic> Faults, DateTimeOffset Since)
{
    /// <summary>Whether the faults are the same, whenever they began.</summary>
    public bool HasFaults(IReadOnlyList<TlsPolicyDiagnostic> faults) => Faults.SequenceEqual(faults);
}
