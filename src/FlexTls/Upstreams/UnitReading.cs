using FlexTls.Sources;
using FlexTls.Yaml;

namespace FlexTls.Upstreams;

/// <summary>What a unit held when it was read.</summary>
/// <param name="Policies">The good policies. An upstream can have two of them, which <see cref="RegisteredPolicies"/> finds.</param>
/// <param name="Faulty">The upstreams whose policy has a fault, each with its errors.</param>
/// <param name="OtherFaults">The errors that belong to no upstream that is known. If there is one, nobody knows which policies the unit would have.</param>
/// <param name="Diagnostics">Everything that was found.</param>
/// <param name="Fingerprints">The fingerprints of all files that the unit is made of, by absolute path.</param>
internal sealed record UnitReading(
    IReadOnlyList<(UpstreamName Name, RegisteredPolicy Policy)> Policies,
    ILookup<UpstreamName, TlsPolicyDiagnostic> Faulty,
    IReadOnlyList<TlsPolicyDiagnostic> OtherFaults,
    IReadOnlyList<TlsPolicyDiagnostic> Diagnostics,
    IReadOnlyDictionary<string, string> Fingerprints)
{
    /// <summary>The policy file, where the unit is one.</summary>
    public PolicyFileReading? File { get; init; }

    /// <summary>The policy, where the unit is one of a client.</summary>
    public RegisteredPolicy? OfClient { get; init; }

    /// <summary>The same reading, with the policies of an earlier one where they are equal: so nothing is held twice, and who compares is quick.</summary>
    public UnitReading KeepingEqual(UnitReading earlier)
    {
        var known = earlier.Policies.DistinctBy(policy => policy.Name).ToDictionary(policy => policy.Name, policy => policy.Policy);
        return this with
        {
            Policies = [.. Policies.Select(policy => (policy.Name, known.TryGetValue(policy.Name, out var same) ? policy.Policy.KeepingEqual(same) : policy.Policy))],
            OfClient = earlier.OfClient is { } before ? OfClient?.KeepingEqual(before) : OfClient,
        };
    }
}
