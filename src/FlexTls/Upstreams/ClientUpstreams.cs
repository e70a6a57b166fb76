using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>The upstream of each client. A binding is permanent.</summary>
/// <param name="registered">What was registered.</param>
/// <param name="table">The running upstreams; clients whose names appear later are added to it.</param>
/// <param name="factory">Makes upstreams.</param>
/// <param name="logger">Logs names that may be misspelled.</param>
/// <param name="hasHttpClients">Whether the program has HttpClients at all, as far as is known.</param>
internal sealed class ClientUpstreams(
    OutboundTlsRegistration registered, UpstreamTable table, UpstreamFactory factory, ILogger logger,
    bool hasHttpClients)
{
    // The upstream that all handlers with the gateway's default share: the names that they are made for come and go.
    private const string HandlersWithoutPolicy = "handlers without a policy";

    private readonly MisspelledClients _misspelled = new(logger);
    private readonly ConcurrentDictionary<string, UpstreamKey> _bound = new(StringComparer.Ordinal);
    private ClientBindings _bindings = ClientBindings.None;

    /// <summary>The clients that get a policy if one arrives for the Service of their name.</summary>
    public ClientsWithoutPolicy WithoutPolicy { get; } = new();

    /// <summary>Determines what clients are bound to.</summary>
    /// <param name="desired">The upstreams to be created.</param>
    /// <param name="empty">The sources without a good policy.</param>
    /// <param name="diagnostics">Receives faults; earlier ones may explain why a policy is missing.</param>
    public void FindBindings(DesiredUpstreams desired, IEnumerable<PolicySource> empty, DiagnosticList diagnostics)
    {
        var emptyFiles = empty.OfType<PolicyFileSource>().Select(file => file.Path);
        _bindings = new ClientBinder(registered, desired.Policies, [.. emptyFiles], diagnostics).Bind();
    }

    /// <summary>Binds clients to their upstreams, which all exist now.</summary>
    /// <param name="diagnostics">Receives warnings.</param>
    public void Bind(DiagnosticList diagnostics)
    {
        foreach (var (client, key) in _bindings.ByName)
        {
            _bound[client] = key;
        }

        foreach (var key in _bindings.Keys)
        {
            table[key].BindClient(key.InWords);
        }

        // A default call covers clients whose names are not known yet; a program without HttpClients asks for contexts.
        if (registered.ForAllClients.Count == 0 && hasHttpClients)
        {
            WarnAboutUnused(diagnostics);
        }
    }

    /// <summary>The clients that are bound to each upstream.</summary>
    public ILookup<UpstreamKey, UpstreamTlsUser> Users => _bound.ToLookup(
        bound => bound.Value, bound => UpstreamTlsUser.Of(bound.Key, registered));

    /// <summary>Binds the clients for whose Services policies have arrived.</summary>
    public void BindWaiting() =>
        WithoutPolicy.Bind(client => registered.ForAllClients.Count > 0 ? OfItsName(client) : null);

    /// <summary>
    /// The upstream of a handler that code creates for a name; <see langword="null"/>: none, its TLS is the platform's.
    /// The handler is bound only as long as it uses the upstream.
    /// </summary>
    /// <param name="name">The name of a Service, which may get its policy later.</param>
    /// <param name="whileUnbound">What happens without a policy.</param>
    /// <param name="refusals">Receives why the handler's requests are refused.</param>
    /// <exception cref="TlsPolicyException">The handler must not be used.</exception>
    public Upstream? FindForHandler(string name, UnboundClientBehavior whileUnbound, Refusals refusals)
    {
        if (OfService(name, refusals, whileUnbound) is { } service)
        {
            return table[service];
        }

        switch (whileUnbound)
        {
            case UnboundClientBehavior.Stock:
                return null;
            case UnboundClientBehavior.GatewayDefault:
                return Other(HandlersWithoutPolicy, () => RegisteredPolicy.GatewayDefault);
            default:
                // A policy may have arrived just now.
                return table.Services.Find(name, out var code, out var problem) is null
                    ? throw ClientFault.Of(code, name, problem)
                    : FindForHandler(name, whileUnbound, refusals);
        }
    }

    /// <summary>A client's upstream; <see langword="null"/>: none, its TLS is the platform's.</summary>
    /// <exception cref="TlsPolicyException">The client must not be used.</exception>
    public Upstream? Find(string client)
    {
        if (_bound.TryGetValue(client, out var bound))
        {
            return table[bound];
        }

        if (registered.FindAnySpellingOf(client) is { } spelled && spelled != client)
        {
            throw ClientFault.Spelling(client, spelled);
        }

        if (_bindings.ForAll is { } forAll)
        {
            return forAll.IsService ? table[forAll] : Other(client, () => table[forAll].Source);
        }

        return registered.ForAllClients.Count > 0 && OfItsName(client) is { } upstream ? upstream : Unbound(client);
    }

    /// <summary>
    /// A policy that no client uses probably belongs to a client that was never bound, and that uses the platform's
    /// TLS.
    /// </summary>
    private void WarnAboutUnused(DiagnosticList diagnostics)
    {
        foreach (var (key, upstream) in table.All.Where(one => one.Key.IsService && !_bindings.Keys.Contains(one.Key)))
        {
            diagnostics.Warning(DiagnosticCodes.PolicyUnused, upstream.Source.Place,
                $"the policy of '{key}' ({upstream.Source.Source}) is used by no HttpClient; call AddOutboundTls() on "
                + "the client, or pay no attention if something else uses it: a cluster of a proxy, or code that asks "
                + "for its context or handler.");
        }
    }

    private Upstream? OfItsName(string client)
    {
        if (_bound.TryGetValue(client, out var known))
        {
            return table[known];
        }

        var refusals = new Refusals(client);
        if (OfService(client, refusals, registered.UnboundClients) is not { } service)
        {
            return null;
        }

        var withoutHttp = table[service].BindClient($"client '{client}'");
        refusals.Note(table[service], withoutHttp?.Diagnostics ?? []);
        if (withoutHttp is not null)
        {
            throw withoutHttp;
        }

        // Until now the gateway's default stood in for it.
        table.Remove(UpstreamKey.OfClient(client));
        return table[_bound.GetOrAdd(client, service)];
    }

    /// <summary>The Service with the name of a client or a handler.</summary>
    private UpstreamKey? OfService(string client, Refusals refusals, UnboundClientBehavior unbound)
    {
        var services = table.Services;
        if (services.FindOrTell(client, out var code, out _) is { } name)
        {
            // The name may have been ambiguous before.
            foreach (var other in services.InAnyCase(client).Where(other => other != name))
            {
                refusals.Note(services[other], []);
            }

            return name;
        }

        // An ambiguous or certainly misspelled name would otherwise mean the platform's TLS.
        var meant = services.InAnyCase(client);
        if (code == DiagnosticCodes.AmbiguousService || meant.Count > 0)
        {
            services.Find(client, out code, out var problem);
            var fault = ClientFault.Of(code, client, problem);
            foreach (var service in meant)
            {
                refusals.Note(services[service], fault.Diagnostics);
            }

            throw fault;
        }

        _misspelled.WarnIfNear(client, services, unbound);
        return null;
    }

    private Upstream? Unbound(string client) => registered.UnboundClients switch
    {
        // Its requests choose, and those that do not are refused.
        _ when registered.SelectingClients.Contains(client) => null,
        UnboundClientBehavior.Stock => null,
        UnboundClientBehavior.GatewayDefault => Other(client, () => RegisteredPolicy.GatewayDefault),
        _ => throw ClientFault.Unbound(client, table.Services.FindNear(client)),
    };

    private Upstream Other(string client, Func<RegisteredPolicy> policy)
    {
        using var held = SafeLogger.Hold();
        return table.GetOrAdd(UpstreamKey.OfClient(client), () =>
        {
            var upstream = factory.Create(policy(), client.Length == 0 ? "default" : client);
            upstream.BindClient($"client '{client}'");
            if (table.Find(UpstreamKey.AllClients) is { } pattern && pattern.Source == upstream.Source)
            {
                TakeOver(pattern, upstream);
            }

            return upstream;
        });
    }

    /// <summary>What keeps the policy of all clients from being up to date counts for a new client too.</summary>
    private void TakeOver(Upstream pattern, Upstream client)
    {
        if (pattern.Degradation is { } degradation)
        {
            client.Degrade(degradation.Faults, degradation.Since);
        }

        if (pattern.Pending is { } pending)
        {
            var next = new RegisteredPolicy(pending.Generation.Policy, pattern.Source.Source, pattern.Source.Place);
            client.Await(pending with { Generation = factory.CreateGeneration(client, next) });
        }
    }
}
