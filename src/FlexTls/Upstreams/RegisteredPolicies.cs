using FlexTls.Diagnostics;
using FlexTls.Sources;
using FlexTls.Yaml;

namespace FlexTls.Upstreams;

/// <summary>The policies of all units together, so that what only shows across them is found.</summary>
/// <param name="Policies">The good policies.</param>
/// <param name="Faulty">The upstreams whose policy has a fault, or that have two policies, each with its errors.</param>
internal sealed record RegisteredPolicies(
    IReadOnlyDictionary<UpstreamName, RegisteredPolicy> Policies, ILookup<UpstreamName, TlsPolicyDiagnostic> Faulty)
{
    /// <summary>Combines what all units hold.</summary>
    /// <param name="readings">The readings of all units, in their order.</param>
    /// <param name="diagnostics">Where the findings of the units go, and those between them.</param>
    public static RegisteredPolicies Combine(IReadOnlyList<UnitReading> readings, DiagnosticList diagnostics)
    {
        var policies = new Dictionary<UpstreamName, RegisteredPolicy>();
        var faults = readings.SelectMany(reading => Pairs(reading.Faulty)).ToList();

        // What is between files is told before what comes from elsewhere.
        var (files, others) = (readings.Where(reading => reading.File is not null).ToList(), readings.Where(reading => reading.File is null));
        diagnostics.AddRange(files.SelectMany(reading => reading.Diagnostics));
        faults.AddRange(Pairs(UpstreamName.Of(CrossFileRules.Check([.. files.Select(reading => reading.File!)], diagnostics))));
        foreach (var (name, policy) in files.SelectMany(reading => reading.Policies))
        {
            policies.TryAdd(name, policy);
        }

        foreach (var reading in others)
        {
            diagnostics.AddRange(reading.Diagnostics);
            foreach (var (name, policy) in reading.Policies.Where(found => !policies.TryAdd(found.Name, found.Policy)))
            {
                var position = diagnostics.Count;
                diagnostics.Error(DiagnosticCodes.UpstreamTwice, policy.Place,
                    $"upstream '{name}' has a policy from {policies[name].Source} and another one from {policy.Source}; keep one.");
                faults.AddRange(diagnostics.ErrorsSince(position).Select(error => (name, error)));
            }
        }

        var faulty = faults.ToLookup(fault => fault.Name, fault => fault.Error);
        var addresses = files.SelectMany(reading => reading.File!.Services)
            .ToLookup(service => new UpstreamName(service.Namespace, service.Name), service => service.Address);
        return new RegisteredPolicies(
            policies.Where(policy => !faulty.Contains(policy.Key))
                .ToDictionary(
                    policy => policy.Key, policy => policy.Value with { Addresses = [.. addresses[policy.Key]] }),
            faulty);
    }

    private static IEnumerable<(UpstreamName Name, TlsPolicyDiagnostic Error)> Pairs(ILookup<UpstreamName, TlsPolicyDiagnostic> faulty) =>
        faulty.SelectMany(faults => faults.Select(error => (faults.Key, error)));
}
