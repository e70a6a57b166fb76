using Microsoft.Extensions.Configuration;

namespace FlexTls;

/// <summary>
/// Everything that was registered, before any of it is read. The registration calls fill it in order.
/// </summary>
internal sealed class OutboundTlsRegistration
{
    private static readonly IReadOnlyList<TimeSpan> DefaultExpiryWarnings =
        [TimeSpan.FromDays(30), TimeSpan.FromDays(7), TimeSpan.FromDays(1)];

    private readonly Dictionary<string, List<ClientBinding>> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _spellings = new(StringComparer.OrdinalIgnoreCase);
    private UnboundClientBehavior? _unboundClients;
    private bool? _reloadOnChange;
    private TimeSpan? _pollInterval;
    private TimeSpan? _weakeningDelay;
    private IReadOnlyList<TimeSpan>? _expiryWarnings;
    private double? _renewalWarningFraction;

    public List<string> PolicyFiles { get; } = [];

    public List<(string Name, PolicyInCode Policy)> Policies { get; } = [];

    public List<IConfiguration> Configurations { get; } = [];

    /// <summary>The user's sources, each created or found in the services.</summary>
    public List<Func<IServiceProvider, ITlsPolicySource>> PolicySources { get; } = [];

    /// <summary>The user's secret providers, each created or found in the services.</summary>
    public List<Func<IServiceProvider, ITlsSecretProvider>> SecretProviders { get; } = [];

    public UnboundClientBehavior UnboundClients
    {
        get => _unboundClients ?? UnboundClientBehavior.Stock;
        set => _unboundClients = value;
    }

    public bool ForbidsDangerous { get; set; }

    public bool ReloadOnChange
    {
        get => _reloadOnChange ?? true;
        set => _reloadOnChange = value;
    }

    public TimeSpan PollInterval
    {
        get => _pollInterval ?? TimeSpan.FromSeconds(30);
        set => _pollInterval = value;
    }

    /// <summary>
    /// How long a policy that takes something away, or is weaker, must stay the same before it takes effect.
    /// </summary>
    public TimeSpan WeakeningDelay
    {
        get => _weakeningDelay ?? TimeSpan.FromSeconds(10);
        set => _weakeningDelay = value;
    }

    /// <summary>How long before a certificate expires the log warns; in any order.</summary>
    public IReadOnlyList<TimeSpan> ExpiryWarnings
    {
        get => _expiryWarnings ?? DefaultExpiryWarnings;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            IReadOnlyList<TimeSpan> times = [.. value];
            if (times.Any(time => time <= TimeSpan.Zero))
            {
                throw new ArgumentException(
                    "A warning must come before a certificate expires: each time must be longer than zero.",
                    nameof(value));
            }

            _expiryWarnings = times;
        }
    }

    /// <summary>The part of a certificate's lifetime that is left when its renewal is overdue.</summary>
    public double RenewalWarningFraction
    {
        get => _renewalWarningFraction ?? 0.25;
        set => _renewalWarningFraction = value;
    }

    /// <summary>The calls for all clients; a client's own calls take precedence.</summary>
    public List<ClientBinding> ForAllClients { get; } = [];

    /// <summary>Calls the file system; for tests. Default: with limits measured by the program's clock.</summary>
    public BoundedReads? Reads { get; set; }

    /// <summary>Whether a client of any name may be under a policy.</summary>
    public bool MayBindAnyClient => ForAllClients.Count > 0 || UnboundClients != UnboundClientBehavior.Stock;

    /// <summary>Whether there may be clients under a policy, or whose requests choose one.</summary>
    public bool MayBindClients => MayBindAnyClient || _clients.Count > 0 || SelectingClients.Count > 0;

    /// <summary>The calls for single clients, by the client's name.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyList<ClientBinding>>> Clients => _clients.Select(
        client => KeyValuePair.Create<string, IReadOnlyList<ClientBinding>>(client.Key, client.Value));

    /// <summary>The policies in code that clients were bound to, and the one for all other clients.</summary>
    public IEnumerable<(UpstreamKey Key, PolicyInCode Policy)> PoliciesOfClients => Clients
        .Select(client => (Key: UpstreamKey.OfClient(client.Key), client.Value[0].Policy))
        .Concat(ForAllClients.Take(1).Select(call => (Key: UpstreamKey.AllClients, call.Policy)))
        .Where(client => client.Policy is not null)
        .Select(client => (client.Key, client.Policy!));

    /// <summary>Handlers that replace ours, by the client's name.</summary>
    public Dictionary<string, Func<IServiceProvider, HttpMessageHandler>> Replacements { get; } =
        new(StringComparer.Ordinal);

    /// <summary>The clients that may make plain requests, whatever their policy says.</summary>
    public HashSet<string> PlainHttpClients { get; } = new(StringComparer.Ordinal);

    /// <summary>The clients whose requests may choose their upstreams.</summary>
    public HashSet<string> SelectingClients { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a client was bound by a call of its own.</summary>
    public bool HasCallsFor(string client) => _clients.ContainsKey(client);

    /// <summary>The client with a call of its own whose name equals this one, letter case aside.</summary>
    public string? FindAnySpellingOf(string client) =>
        _clients.ContainsKey(client) || SelectingClients.Contains(client)
            ? client : _spellings.GetValueOrDefault(client);

    /// <summary>Lets the requests of a client choose their upstreams.</summary>
    public void AllowSelection(string client)
    {
        SelectingClients.Add(client);
        _spellings.TryAdd(client, client);
    }

    /// <summary>Adds what one call registered. For settings, the last value set counts.</summary>
    public void Add(OutboundTlsRegistration call)
    {
        PolicyFiles.AddRange(call.PolicyFiles);
        Policies.AddRange(call.Policies.Select(policy => (policy.Name, policy.Policy.Anew())));
        Configurations.AddRange(call.Configurations);
        PolicySources.AddRange(call.PolicySources);
        SecretProviders.AddRange(call.SecretProviders);
        ForbidsDangerous |= call.ForbidsDangerous;
        _unboundClients = call._unboundClients ?? _unboundClients;
        _reloadOnChange = call._reloadOnChange ?? _reloadOnChange;
        _pollInterval = call._pollInterval ?? _pollInterval;
        _weakeningDelay = call._weakeningDelay ?? _weakeningDelay;
        _expiryWarnings = call._expiryWarnings ?? _expiryWarnings;
        _renewalWarningFraction = call._renewalWarningFraction ?? _renewalWarningFraction;
    }

    /// <summary>Adds what one call bound. Each service provider has its own copy of a policy in code.</summary>
    /// <param name="clientName">
    /// The client; <see langword="null"/>: all of them, as in <c>ConfigureHttpClientDefaults</c>.
    /// </param>
    /// <param name="call">What was called.</param>
    public void Add(string? clientName, ClientBinding call)
    {
        var binding = call with { Policy = call.Policy?.Anew() };
        if (clientName is null)
        {
            ForAllClients.Add(binding);
        }
        else if (_clients.TryGetValue(clientName, out var calls))
        {
            calls.Add(binding);
        }
        else
        {
            _clients[clientName] = [binding];
            _spellings.TryAdd(clientName, clientName);
        }
    }
}
