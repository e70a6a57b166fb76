using System.Collections.Concurrent;
using FlexTls.Diagnostics;
using FlexTls.Sources;

namespace FlexTls.Upstreams;

/// <summary>The upstreams in use, by their own names and by those of the clients that are bound to them.</summary>
internal sealed class LoadedUpstreams(
    UpstreamLoader loader,
    OutboundTlsSources sources,
    IReadOnlyDictionary<UpstreamName, Upstream> upstreams,
    IReadOnlyDictionary<string, Upstream> clients,
    ClientTarget? forAllClients) : IDisposable
{
    private readonly UpstreamDirectory<Upstream> _directory = new(upstreams);

    // Clients whose names are known only when they are made.
    private readonly ConcurrentDictionary<string, Lazy<Upstream>> _others = new(StringComparer.Ordinal);

    private IUpstreamObserver? _observer;

    /// <summary>Every upstream once: those of Services, and those of clients that have a policy of their own, each by its name.</summary>
    public IEnumerable<(string Name, bool IsOfClient, Upstream Upstream)> All
    {
        get
        {
            var services = upstreams.Values.ToHashSet();
            var own = clients.Where(client => !services.Contains(client.Value)).Select(client => (Name: client.Key, client.Value))
                .Concat(_others.Where(other => other.Value.IsValueCreated).Select(other => (Name: other.Key, other.Value.Value)));
            return upstreams.Select(upstream => (Name: upstream.Key.ToString(), false, upstream.Value)).OrderBy(upstream => upstream.Name, StringComparer.Ordinal)
                .Concat(own.OrderBy(client => client.Name, StringComparer.Ordinal).Select(client => (client.Name, true, client.Value)));
        }
    }

    /// <summary>Tells somebody of all upstreams, and of those to come.</summary>
    public void Tell(IUpstreamObserver observer)
    {
        _observer = observer;
        foreach (var (_, _, upstream) in All)
        {
            observer.Add(upstream);
        }
    }

    /// <summary>The upstream of a name, or <see langword="null"/> and the reason.</summary>
    public Upstream? Find(string name, out string problem) =>
        _directory.Find(name, out _, out problem) is { } found ? _directory[found] : null;

    /// <summary>The upstream that a client is bound to; <see langword="null"/>: none, its TLS is the platform's.</summary>
    /// <exception cref="TlsPolicyException">The client must not be used.</exception>
    public Upstream? ForClient(string client)
    {
        if (clients.TryGetValue(client, out var own))
        {
            return own;
        }

        if (forAllClients?.Policy is { } shared)
        {
            return Other(client, shared);
        }

        if (forAllClients?.Upstream is { } named)
        {
            return _directory[named];
        }

        return sources.ForAllClients.Count > 0 && OfItsName(client) is { } upstream ? upstream : Unbound(client);
    }

    public void Dispose()
    {
        foreach (var upstream in All.Select(upstream => upstream.Upstream))
        {
            upstream.Context.Dispose();
        }
    }

    private Upstream? OfItsName(string client)
    {
        // Any name may be given to a client; only what is ambiguous must not become stock TLS.
        if (_directory.Find(client, out var code, out var problem) is { } name)
        {
            var upstream = _directory[name];
            return HttpAlpn.Problem(upstream.Context.Policy) is { } fault ? throw Fault(DiagnosticCodes.NoHttpInAlpn, client, fault) : upstream;
        }

        // A name that differs in letter case alone is a mistake, and would be stock TLS.
        var isMisspelled = _directory.Names.Any(name => string.Equals(name.ToString(), client, StringComparison.OrdinalIgnoreCase) || string.Equals(name.Service, client, StringComparison.OrdinalIgnoreCase));
        return code == DiagnosticCodes.AmbiguousService || isMisspelled ? throw Fault(code, client, problem) : null;
    }

    private Upstream? Unbound(string client) => sources.UnboundClients switch
    {
        UnboundClientBehavior.Stock => null,
        UnboundClientBehavior.GatewayDefault => Other(client, new RegisteredPolicy(OutboundTlsPolicy.GatewayDefault, nameof(UnboundClientBehavior.GatewayDefault), new Place(""))),
        _ => throw Fault(DiagnosticCodes.UnboundClient, client, "it has no policy, and UnboundClients is Refuse; call AddOutboundTls on it, or register a policy for a Service of its name."),
    };

    private Upstream Other(string client, RegisteredPolicy policy) =>
        _others.GetOrAdd(client, name => new Lazy<Upstream>(() =>
        {
            var upstream = loader.Create(policy, name.Length == 0 ? "default" : name);
            _observer?.Add(upstream);
            return upstream;
        })).Value;

    private static TlsPolicyException Fault(string code, string client, string problem)
    {
        var diagnostics = new DiagnosticList();
        diagnostics.Error(code, new Place(""), $"client '{client}': {problem}");
        return new TlsPolicyException(diagnostics.InFileOrder());
    }
}
