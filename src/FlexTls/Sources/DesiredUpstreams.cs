namespace FlexTls;

/// <summary>The upstreams that all sources together ask for.</summary>
/// <param name="Policies">The good policies.</param>
/// <param name="Faulty">The upstreams with a faulty policy or with two policies, each with its errors.</param>
internal sealed record DesiredUpstreams(
    IReadOnlyDictionary<UpstreamKey, RegisteredPolicy> Policies, ILookup<UpstreamKey, TlsPolicyDiagnostic> Faulty)
{
    /// <summary>Combines all sources, and finds the faults between them.</summary>
    /// <param name="readings">The readings of all sources, in their order.</param>
    /// <param name="diagnostics">Receives the findings in the sources and between them.</param>
    public static DesiredUpstreams Combine(IReadOnlyList<SourceReading> readings, DiagnosticList diagnostics)
    {
        var policies = new Dictionary<UpstreamKey, RegisteredPolicy>();
        var faults = readings.SelectMany(reading => Pairs(reading.Faulty)).ToList();

        // Findings between texts come before the findings of other sources.
        var texts = readings.Where(reading => reading.Texts.Count > 0).ToList();
        diagnostics.AddRange(texts.SelectMany(reading => reading.Diagnostics));
        faults.AddRange(
            UpstreamKey.Of(CrossFileRules.Check([.. texts.SelectMany(reading => reading.Texts)], diagnostics)));
        foreach (var (key, policy) in texts.SelectMany(reading => reading.Policies))
        {
            policies.TryAdd(key, policy);
        }

        foreach (var reading in readings.Where(reading => reading.Texts.Count == 0))
        {
            diagnostics.AddRange(reading.Diagnostics);
            foreach (var (key, policy) in reading.Policies.Where(found => !policies.TryAdd(found.Key, found.Policy)))
            {
                var position = diagnostics.Count;
                diagnostics.Error(DiagnosticCodes.UpstreamTwice, policy.Place,
                    $"upstream '{key}' has a policy from {policies[key].Source} and another one from {policy.Source}; "
                    + "keep one.");
                faults.AddRange(diagnostics.ErrorsSince(position).Select(error => (key, error)));
            }
        }

        var faulty = faults.ToLookup(fault => fault.Key, fault => fault.Error);
        var addresses = texts.SelectMany(reading => reading.Texts).SelectMany(text => text.Services).ToLookup(
            service => UpstreamKey.OfService(service.Namespace, service.Name), service => service.Address);
        return new DesiredUpstreams(
            policies.Where(policy => !faulty.Contains(policy.Key)).ToDictionary(
                policy => policy.Key, policy => policy.Value with { Addresses = [.. addresses[policy.Key]] }),
            faulty);
    }

    private static IEnumerable<(UpstreamKey Key, TlsPolicyDiagnostic Error)> Pairs(
        ILookup<UpstreamKey, TlsPolicyDiagnostic> faulty) =>
        faulty.SelectMany(faults => faults.Select(error => (faults.Key, error)));
}
