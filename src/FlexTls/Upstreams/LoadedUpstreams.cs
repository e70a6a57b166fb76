using System.Collections.Concurrent;
using FlexTls.Diagnostics;
using FlexTls.Sources;

namespace FlexTls.Upstreams;

/// <summary>The upstreams in use, by name and by bound client. What a client is bound to never changes.</summary>
internal sealed class LoadedUpstreams : IDisposable
{
    private readonly UpstreamFactory _factory;
    private readonly OutboundTlsSources _sources;
    private readonly MisspelledClients _misspelled;
    private readonly Dictionary<string, ClientTarget> _targets;
    private readonly Dictionary<string, Upstream> _clients;
    private readonly Lock _lock = new();

    // Clients that a default call binds to the Service of their name.
    private readonly ConcurrentDictionary<string, UpstreamName> _ofTheirNames = new(StringComparer.Ordinal);

    // Clients whose names are known only when they are made.
    private readonly Dictionary<string, Upstream> _others = new(StringComparer.Ordinal);
    private volatile UpstreamDirectory<Upstream> _directory;
    private readonly ClientTarget? _forAllClients;
    private readonly Upstream? _shared;
    private IUpstreamObserver? _observer;
    private volatile int _version;

    /// <param name="factory">Makes upstreams.</param>
    /// <param name="sources">What was registered.</param>
    /// <param name="upstreams">The upstreams of Services.</param>
    /// <param name="clients">What each client was bound to, with its upstream.</param>
    /// <param name="forAllClients">
    /// What all other clients were bound to; <see langword="null"/>: nothing, or each to the Service of its name.
    /// </param>
    /// <param name="shared">What holds for all other clients, each with an upstream of its own.</param>
    public LoadedUpstreams(
        UpstreamFactory factory,
        OutboundTlsSources sources,
        IReadOnlyDictionary<UpstreamName, Upstream> upstreams,
        IReadOnlyDictionary<string, (ClientTarget Target, Upstream Upstream)> clients,
        ClientTarget? forAllClients,
        Upstream? shared)
    {
        (_factory, _sources) = (factory, sources);
        _misspelled = new MisspelledClients(factory.Logger, sources.UnboundClients);
        (_directory, _forAllClients, _shared) = (new UpstreamDirectory<Upstream>(upstreams), forAllClients, shared);
        _targets = clients.ToDictionary(client => client.Key, client => client.Value.Target, StringComparer.Ordinal);
        _clients = clients.ToDictionary(client => client.Key, client => client.Value.Upstream, StringComparer.Ordinal);
        var forAll = forAllClients?.Upstream is { } name ? upstreams.GetValueOrDefault(name) : shared;
        foreach (var upstream in _clients.Values.Append(forAll))
        {
            upstream?.BindClient();
        }
    }

    /// <summary>Every upstream once, by name: those of Services, then of clients with a policy of their own.</summary>
    public IReadOnlyList<(string Name, bool IsOfClient, Upstream Upstream)> All
    {
        get
        {
            lock (_lock)
            {
                var own = _clients.Where(client => _targets[client.Key].Upstream is null).Concat(_others);
                return
                [
                    .. OfServices.Select(service => (Name: service.Key.ToString(), false, service.Value)).OrderBy(service => service.Name, StringComparer.Ordinal),
                    .. own.OrderBy(client => client.Key, StringComparer.Ordinal).Select(client => (client.Key, true, client.Value)),
                ];
            }
        }
    }

    /// <summary>Changes when a Service gets a policy, so that a client without a policy may get one too.</summary>
    public int Version => _version;

    /// <summary>Clients that come under a policy if one arrives for the Service of their name.</summary>
    public ClientsWithoutPolicy WithoutPolicy { get; } = new();

    /// <summary>The upstreams of Services.</summary>
    public IReadOnlyDictionary<UpstreamName, Upstream> OfServices => _directory.Upstreams;

    /// <summary>Tells somebody of all upstreams, and of those to come.</summary>
    public void Tell(IUpstreamObserver observer)
    {
        lock (_lock)
        {
            _observer = observer;
            foreach (var (_, _, upstream) in All)
            {
                observer.Add(upstream);
            }
        }
    }

    /// <summary>A Service has a policy from now on.</summary>
    public void Add(UpstreamName name, Upstream upstream)
    {
        lock (_lock)
        {
            _directory = new UpstreamDirectory<Upstream>(new Dictionary<UpstreamName, Upstream>(_directory.Upstreams) { [name] = upstream });
            _version++;
            _observer?.Add(upstream);
        }

        WithoutPolicy.Bind(client => _sources.ForAllClients.Count > 0 ? OfItsName(client) : null);
    }

    /// <summary>A policy of clients that is no Service's has changed, for clients in use and to come.</summary>
    /// <param name="unit">Where it stands.</param>
    /// <param name="update">Called for what holds for clients to come, then for each upstream in use.</param>
    public void Update(ClientUnit unit, Action<Upstream> update)
    {
        List<Upstream> used = [.. _targets.Where(target => target.Value.Unit == unit).Select(target => _clients[target.Key])];
        if (_shared is not null && _forAllClients?.Unit == unit)
        {
            update(_shared);
            lock (_lock)
            {
                used.AddRange(_others.Values);
            }
        }

        // Not under the lock: a client that is made now must not wait.
        used.ForEach(update);
    }

    /// <summary>The caller confirms that all policies in force are meant.</summary>
    public void Confirm()
    {
        foreach (var (_, _, upstream) in All)
        {
            upstream.Confirm();
        }
    }

    /// <summary>The upstream of a name, or <see langword="null"/> and the reason.</summary>
    public Upstream? Find(string name, out string problem)
    {
        var directory = _directory;
        return directory.Find(name, out _, out problem) is { } found ? directory[found] : null;
    }

    /// <summary>A client's upstream; <see langword="null"/>: none, its TLS is the platform's.</summary>
    /// <exception cref="TlsPolicyException">The client must not be used.</exception>
    public Upstream? ForClient(string client)
    {
        if (_clients.TryGetValue(client, out var own))
        {
            return own;
        }

        if (_sources.FindAnySpellingOf(client) is { } bound && bound != client)
        {
            throw ClientFault.Spelling(client, bound);
        }

        if (_forAllClients is { } forAll)
        {
            return forAll.Upstream is { } named ? _directory[named] : Other(client, () => _shared!.Source);
        }

        return _sources.ForAllClients.Count > 0 && OfItsName(client) is { } upstream ? upstream : Unbound(client);
    }

    public void Dispose()
    {
        foreach (var (_, _, upstream) in All)
        {
            upstream.Context.End();
        }

        _shared?.Context.End();
    }

    private Upstream? OfItsName(string client)
    {
        // What a client was bound to it stays bound to, whatever Services come.
        var directory = _directory;
        if (_ofTheirNames.TryGetValue(client, out var bound))
        {
            return directory[bound];
        }

        if (directory.Find(client, out var code, out var problem) is { } name)
        {
            // First: from now on, no policy without HTTP is put in force.
            var upstream = directory[name];
            upstream.BindClient();
            if (HttpAlpn.FaultOf(upstream.Source, $"client '{client}'") is { } withoutHttp)
            {
                upstream.RefusedClients.Note(client, withoutHttp.Diagnostics);
                throw withoutHttp;
            }

            upstream.RefusedClients.Note(client, []);
            var bindTo = directory[_ofTheirNames.GetOrAdd(client, name)];
            lock (_lock)
            {
                // Until now the gateway's default stood in for it.
                _others.Remove(client);
            }

            return bindTo;
        }

        // What is ambiguous or certainly misspelled would be stock TLS.
        if (code == DiagnosticCodes.AmbiguousService || MisspelledClients.DiffersInCase(client, directory))
        {
            var fault = ClientFault.Of(code, client, problem);
            foreach (var meant in directory.Names.Where(meant => MisspelledClients.IsMeant(client, meant)))
            {
                directory[meant].RefusedClients.Note(client, fault.Diagnostics);
            }

            throw fault;
        }

        _misspelled.WarnIfNear(client, directory);
        return null;
    }

    private Upstream? Unbound(string client) => _sources.UnboundClients switch
    {
        UnboundClientBehavior.Stock => null,
        UnboundClientBehavior.GatewayDefault => Other(client, () => RegisteredPolicy.GatewayDefault),
        _ => throw ClientFault.Unbound(client, _directory.FindNear(client)),
    };

    private Upstream Other(string client, Func<RegisteredPolicy> policy)
    {
        using var held = SafeLogger.Hold();
        lock (_lock)
        {
            if (!_others.TryGetValue(client, out var upstream))
            {
                upstream = _factory.Create(policy(), client.Length == 0 ? "default" : client);
                upstream.BindClient();
                if (_shared?.Degradation is { } degradation)
                {
                    upstream.Degrade(degradation.Faults);
                }

                _others.Add(client, upstream);
                _observer?.Add(upstream);
            }

            return upstream;
        }
    }
}
