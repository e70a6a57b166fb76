using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Sources;

namespace FlexTls.Upstreams;

/// <summary>Puts policies that are named one by one together into the reading of their unit.</summary>
internal sealed class UnitReadingBuilder(FileReads files)
{
    private readonly List<(UpstreamName Name, RegisteredPolicy Policy)> _policies = [];
    private readonly List<(UpstreamName Name, TlsPolicyDiagnostic Error)> _faults = [];
    private readonly List<TlsPolicyDiagnostic> _others = [];
    private readonly List<TlsPolicyDiagnostic> _diagnostics = [];

    /// <param name="name">The upstream as it is written.</param>
    /// <param name="place">Where it is written.</param>
    /// <param name="source">Where it is written, in words.</param>
    /// <param name="policy">The policy; <see langword="null"/> if there is an error in it.</param>
    /// <param name="found">What was found in the policy.</param>
    public void Add(string name, Place place, string source, OutboundTlsPolicy? policy, IReadOnlyList<TlsPolicyDiagnostic> found)
    {
        if (UpstreamName.TryParse(name) is not { } upstream)
        {
            AddOthers([.. found, NotAServiceName(name, place)]);
            return;
        }

        _diagnostics.AddRange(found);
        var errors = Errors(found).ToList();
        _faults.AddRange(errors.Select(error => (upstream, error)));
        if (policy is not null && errors.Count == 0)
        {
            _policies.Add((upstream, new RegisteredPolicy(policy, source, place)));
        }
    }

    /// <summary>Adds what was found and belongs to no upstream.</summary>
    public void AddOthers(IReadOnlyList<TlsPolicyDiagnostic> found)
    {
        _diagnostics.AddRange(found);
        _others.AddRange(Errors(found));
    }

    public UnitReading Build() =>
        new(_policies, _faults.ToLookup(fault => fault.Name, fault => fault.Error), _others, _diagnostics, files.Fingerprints);

    private static IEnumerable<TlsPolicyDiagnostic> Errors(IEnumerable<TlsPolicyDiagnostic> found) =>
        found.Where(diagnostic => diagnostic.Severity == TlsPolicyDiagnosticSeverity.Error);

    private static TlsPolicyDiagnostic NotAServiceName(string text, Place place)
    {
        var diagnostics = new DiagnosticList();
        diagnostics.Error(DiagnosticCodes.NotAServiceName, place,
            $"{place.Path}: {Text.Quote(text)} is not the name of a Service; write orders or payments/orders. Policy files are named by AddPolicyFile, or under PolicyFiles.");
        return diagnostics.InFileOrder()[0];
    }
}
