namespace FlexTls;

/// <summary>The faults of an upstream's source or of its clients, and since when it has them.</summary>
internal sealed record Degradation(IReadOnlyList<TlsPolicyDiagnostic> Faults, DateTimeOffset Since)
{
    /// <summary>Whether the faults are the same, whenever they began.</summary>
    public bool HasFaults(IReadOnlyList<TlsPolicyDiagnostic> faults) => Faults.SequenceEqual(faults);
}
