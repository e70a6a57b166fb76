using FlexTls.Diagnostics;
using FlexTls.Policies;
using FlexTls.Sources;

namespace FlexTls.Upstreams;

/// <summary>Which policy each client was bound to, by its own calls and by those for all clients.</summary>
internal sealed class ClientPolicies(
    OutboundTlsSources sources,
    UpstreamDirectory<RegisteredPolicy> directory,
    string contentRoot,
    BoundedReads reads,
    DiagnosticList diagnostics)
{
    private readonly List<(PolicyUnit Unit, UnitReading Reading)> _readings = [];

    /// <param name="directoryIsComplete">Whether all policies could be read; otherwise one that is missing is no finding.</param>
    public Result Read(bool directoryIsComplete)
    {
        var byName = new Dictionary<string, ClientTarget>(StringComparer.Ordinal);
        foreach (var (client, calls) in sources.Clients)
        {
            var place = new Place($"client '{client}'");
            if (TheOne(calls, place) is { } call && TargetOf(call, call.Service ?? client, place, directoryIsComplete) is { } target)
            {
                byName.Add(client, target);
            }
        }

        var allClients = new Place("all clients");
        var forAll = TheOne(sources.ForAllClients, allClients) is { } shared && (shared.Service is not null || shared.Policy is not null)
            ? TargetOf(shared, shared.Service ?? "", allClients, directoryIsComplete)
            : null;
        return new Result(byName, forAll, _readings);
    }

    /// <summary>The calls for one client must say the same.</summary>
    private ClientBinding? TheOne(IReadOnlyList<ClientBinding> calls, Place place)
    {
        foreach (var other in calls.Skip(1).Where(call => !call.IsSameAs(calls[0])))
        {
            diagnostics.Error(DiagnosticCodes.ClientBoundTwice, place, $"{place.Path} has both {calls[0]} and {other}; keep one.");
        }

        return calls.Count == 0 ? null : calls[0];
    }

    private ClientTarget? TargetOf(ClientBinding call, string service, Place place, bool directoryIsComplete)
    {
        if (call.Policy is not null)
        {
            var unit = new ClientUnit(place.Path, call.Policy, contentRoot) { Reads = reads };
            var reading = unit.Read();
            diagnostics.AddRange(reading.Diagnostics);
            _readings.Add((unit, reading));
            return reading.OfClient is { } own && HasHttp(own, place) ? new ClientTarget(null, own, unit) : null;
        }

        if (directory.Find(service, out var code, out var problem) is { } name)
        {
            return HasHttp(directory[name], place) ? new ClientTarget(name, null) : null;
        }

        if (directoryIsComplete || code == DiagnosticCodes.NotAServiceName)
        {
            diagnostics.Error(code, place, $"{place.Path}, {call}: {problem}{HintOfService(call, code, problem)}");
        }

        return null;
    }

    /// <summary>
    /// A typed client is named after its type. Where the message proposes a name already, that is not the likely
    /// mistake.
    /// </summary>
    private string HintOfService(ClientBinding call, string code, string problem) =>
        call.Service is null && code == DiagnosticCodes.NoPolicyForClient && problem.EndsWith('.')
            && directory.Names.Select(name => name.ToString()).Min(StringComparer.Ordinal) is { } first
            ? $" Name the Service if the client has another name, as in AddOutboundTls(\"{first}\")."
            : "";

    private bool HasHttp(RegisteredPolicy policy, Place place) => HttpAlpn.Check(policy, place.Path, diagnostics);

    /// <param name="ByName">What each client was bound to.</param>
    /// <param name="ForAll">What all other clients were bound to; <see langword="null"/>: nothing, or each to the Service of its name.</param>
    /// <param name="Readings">The policies of clients as they were read.</param>
    internal sealed record Result(
        IReadOnlyDictionary<string, ClientTarget> ByName, ClientTarget? ForAll, IReadOnlyList<(PolicyUnit Unit, UnitReading Reading)> Readings)
    {
        /// <summary>The policies that stand in no source of their own.</summary>
        public IEnumerable<RegisteredPolicy> All => ByName.Values.Append(ForAll).Select(target => target?.Policy).OfType<RegisteredPolicy>();
    }
}
