namespace FlexTls;

/// <summary>The content of a source when it was read.</summary>
/// <param name="Policies">
/// The good policies. An upstream can have two of them, which <see cref="DesiredUpstreams"/> reports.
/// </param>
/// <param name="Faulty">The upstreams whose policy has a fault, each with its errors.</param>
/// <param name="OtherFaults">The errors of unknown upstreams, whose policies may be missing.</param>
/// <param name="Diagnostics">All findings.</param>
/// <param name="Versions">The versions of everything that the source depends on: files by absolute path.</param>
internal sealed record SourceReading(
    IReadOnlyList<(UpstreamKey Key, RegisteredPolicy Policy)> Policies,
    ILookup<UpstreamKey, TlsPolicyDiagnostic> Faulty,
    IReadOnlyList<TlsPolicyDiagnostic> OtherFaults,
    IReadOnlyList<TlsPolicyDiagnostic> Diagnostics,
    IReadOnlyDictionary<string, ContentVersion> Versions)
{
    private HashSet<UpstreamKey>? _keys;

    /// <summary>Whether it has a good policy of an upstream.</summary>
    public bool Has(UpstreamKey key) => (_keys ??= [.. Policies.Select(policy => policy.Key)]).Contains(key);

    /// <summary>The policy file, or the texts of a user's source; empty for other sources.</summary>
    public IReadOnlyList<PolicyFileReading> Texts { get; private init; } = [];

    /// <summary>The reading of texts in YAML.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="versions">The versions of everything that the source depends on.</param>
    public static SourceReading Of(
        IReadOnlyList<PolicyFileReading> texts, IReadOnlyDictionary<string, ContentVersion> versions) =>
        new(
            [.. texts.SelectMany(Registered)],
            texts.SelectMany(text => UpstreamKey.Of(text.FaultyTargets)).ToLookup(
                fault => fault.Key, fault => fault.Error),
            [.. texts.SelectMany(text => text.OtherFaults)],
            [.. texts.SelectMany(text => text.Diagnostics)],
            versions)
        {
            Texts = texts,
        };

    /// <summary>The reading of a source whose policies are read one by one.</summary>
    /// <param name="policies">The policies.</param>
    /// <param name="others">The findings outside of them.</param>
    /// <param name="versions">The versions of everything that the source depends on.</param>
    public static SourceReading Of(
        IReadOnlyList<NamedPolicy> policies,
        IReadOnlyList<TlsPolicyDiagnostic> others,
        IReadOnlyDictionary<string, ContentVersion> versions) =>
        new(
            [.. policies.Where(policy => policy is { Key: not null, Registered: not null })
                .Select(policy => (policy.Key!, policy.Registered!))],
            policies.Where(policy => policy.Key is not null)
                .SelectMany(policy => Errors(policy.Diagnostics).Select(error => (policy.Key, error)))
                .ToLookup(fault => fault.Key!, fault => fault.error),
            [.. Errors(
                policies.Where(policy => policy.Key is null).SelectMany(policy => policy.Diagnostics).Concat(others))],
            [.. policies.SelectMany(policy => policy.Diagnostics), .. others],
            versions);

    /// <summary>The reading of a source that could not be read, for a reason that no rule knows.</summary>
    /// <param name="source">How messages name the source.</param>
    /// <param name="failure">The failure, whose message may contain what was read.</param>
    /// <param name="versions">The versions of everything that the source is known to depend on.</param>
    public static SourceReading Failed(
        string source, Exception failure, IReadOnlyDictionary<string, ContentVersion> versions)
    {
        var fault = DiagnosticList.OneError(DiagnosticCodes.ReadingFailed, new Place(source),
            $"{source} cannot be read: FlexTls itself failed ({failure.GetType().Name}); report it, and "
            + "undo or rewrite the last change.");
        return Of(Array.Empty<NamedPolicy>(), [fault], versions);
    }

    /// <summary>
    /// The same reading, with equal policies taken from an earlier one, so that nothing is held twice and comparisons
    /// are quick.
    /// </summary>
    public SourceReading KeepingEqual(SourceReading earlier)
    {
        var known = earlier.Policies.DistinctBy(policy => policy.Key)
            .ToDictionary(policy => policy.Key, policy => policy.Policy);
        return this with
        {
            Policies =
            [
                .. Policies.Select(found => (found.Key,
                    known.TryGetValue(found.Key, out var same) ? found.Policy.KeepingEqual(same) : found.Policy)),
            ],
        };
    }

    private static IEnumerable<(UpstreamKey Key, RegisteredPolicy Policy)> Registered(PolicyFileReading text)
    {
        // The name is examined once for all places.
        var file = new Place("", text.Path);
        foreach (var binding in text.Bindings)
        {
            var place = file with { Line = binding.Line, Column = 1 };
            var shown = Text.OneLine($"{place.FileName}({place.Line})");
            yield return (UpstreamKey.Of(binding.Target), new RegisteredPolicy(binding.Policy, shown, place));
        }
    }

    private static IEnumerable<TlsPolicyDiagnostic> Errors(IEnumerable<TlsPolicyDiagnostic> found) =>
        found.Where(diagnostic => diagnostic.Severity == TlsPolicyDiagnosticSeverity.Error);
}
