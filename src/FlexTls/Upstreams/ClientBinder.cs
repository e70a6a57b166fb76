namespace FlexTls;

/// <summary>Determines what clients were bound to, by their own calls and by those for all clients.</summary>
/// <param name="registered">The calls.</param>
/// <param name="policies">The policies of Services and of clients.</param>
/// <param name="emptyFiles">The policy files that were read and contain no policy.</param>
/// <param name="diagnostics">
/// Receives the faults of the calls. If it already has errors, policies may be missing because of them, so a missing
/// policy is not reported.
/// </param>
internal sealed class ClientBinder(
    OutboundTlsRegistration registered,
    IReadOnlyDictionary<UpstreamKey, RegisteredPolicy> policies,
    IReadOnlyList<string> emptyFiles,
    DiagnosticList diagnostics)
{
    private readonly bool _isComplete = !diagnostics.HasErrors;
    private readonly UpstreamDirectory<RegisteredPolicy> _services =
        new(policies.Where(policy => policy.Key.IsService).ToDictionary(), emptyFiles);

    public ClientBindings Bind()
    {
        var byName = new Dictionary<string, UpstreamKey>(StringComparer.Ordinal);
        foreach (var (client, calls) in registered.Clients)
        {
            if (KeyOf(calls, UpstreamKey.OfClient(client), client) is { } key)
            {
                byName.Add(client, key);
            }
        }

        return new ClientBindings(
            byName,
            registered.ForAllClients.Count > 0 ? KeyOf(registered.ForAllClients, UpstreamKey.AllClients, null) : null);
    }

    /// <summary>
    /// The upstream that calls bind clients to; <see langword="null"/>: each to the Service of its name, or none, after
    /// a reported fault.
    /// </summary>
    private UpstreamKey? KeyOf(IReadOnlyList<ClientBinding> calls, UpstreamKey own, string? name)
    {
        var (call, place) = (calls[0], new Place(own.InWords));
        foreach (var other in calls.Skip(1).Where(other => !other.IsSameAs(call)))
        {
            diagnostics.Error(DiagnosticCodes.ClientBoundTwice, place,
                $"{place.Path} has both {call} and {other}; keep one.");
        }

        var key = call.Policy is not null ? own
            : (call.Service ?? name) is { } service ? OfService(call, service, place)
            : null;
        return key is { } found && policies.TryGetValue(found, out var policy)
            && HttpAlpn.Check(policy, place.Path, diagnostics) ? key : null;
    }

    private UpstreamKey? OfService(ClientBinding call, string service, Place place)
    {
        if (_services.Find(service, out var code, out var problem) is { } key)
        {
            return key;
        }

        if (_isComplete || code == DiagnosticCodes.NotAServiceName)
        {
            diagnostics.Error(code, place, $"{place.Path}, {call}: {problem}{HintOfService(call, code, problem)}");
        }

        return null;
    }

    /// <summary>
    /// A typed client is named after its type. If the message already proposes a name, that is not the likely mistake.
    /// </summary>
    private string HintOfService(ClientBinding call, string code, string problem) =>
        call.Service is null && code == DiagnosticCodes.NoPolicyForClient && problem.EndsWith('.')
            && _services.Keys.Select(key => key.ToString()).Min(StringComparer.Ordinal) is { } first
            ? $" Name the Service if the client has another name, as in AddOutboundTls(\"{first}\")."
            : "";
}
