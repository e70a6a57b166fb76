using Microsoft.Extensions.Configuration;

namespace FlexTls.Sources;

/// <summary>Everything that was registered, before any of it is read. Filled by the calls of the registration, in their order.</summary>
internal sealed class OutboundTlsSources
{
    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan DefaultWeakeningDelay = TimeSpan.FromSeconds(10);
    public static readonly IReadOnlyList<TimeSpan> DefaultExpiryWarnings = [TimeSpan.FromDays(30), TimeSpan.FromDays(7), TimeSpan.FromDays(1)];

    private readonly Dictionary<string, List<ClientBinding>> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _spellings = new(StringComparer.OrdinalIgnoreCase);

    public List<string> PolicyFiles { get; } = [];

    public List<(string Name, PolicyInCode Policy)> Policies { get; } = [];

    public List<IConfiguration> Configurations { get; } = [];

    public UnboundClientBehavior UnboundClients { get; set; }

    public bool ForbidsDangerous { get; set; }

    public bool ReloadOnChange { get; set; } = true;

    public TimeSpan PollInterval { get; set; } = DefaultPollInterval;

    /// <summary>
    /// How long a policy that takes something away, or is weaker, must stay the same before it takes effect.
    /// </summary>
    public TimeSpan WeakeningDelay { get; set; } = DefaultWeakeningDelay;

    /// <summary>How long before a certificate expires operators are told; in any order.</summary>
    public IReadOnlyList<TimeSpan> ExpiryWarnings { get; set; } = DefaultExpiryWarnings;

    /// <summary>The calls for clients of all names; a client's own calls go first.</summary>
    public List<ClientBinding> ForAllClients { get; } = [];

    /// <summary>The calls for single clients, by the client's name.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyList<ClientBinding>>> Clients =>
        _clients.Select(client => KeyValuePair.Create<string, IReadOnlyList<ClientBinding>>(client.Key, client.Value));

    /// <summary>The policies that clients were bound to, and that of all others.</summary>
    public IEnumerable<(UpstreamKey Key, PolicyInCode Policy)> PoliciesOfClients => Clients
        .Select(client => (Key: UpstreamKey.OfClient(client.Key), client.Value[0].Policy))
        .Concat(ForAllClients.Take(1).Select(call => (Key: UpstreamKey.AllClients, call.Policy)))
        .Where(client => client.Policy is not null)
        .Select(client => (client.Key, client.Policy!));

    /// <summary>Handlers that take the place of ours, by the client's name.</summary>
    public Dictionary<string, Func<HttpMessageHandler>> Replacements { get; } = new(StringComparer.Ordinal);

    /// <summary>The clients that may make plain requests, whatever their policy says.</summary>
    public HashSet<string> PlainHttpClients { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a client was bound by a call of its own.</summary>
    public bool HasCallsFor(string client) => _clients.ContainsKey(client);

    /// <summary>The client that was bound by a call of its own and has this name, letter case aside.</summary>
    public string? FindAnySpellingOf(string client) =>
        _clients.ContainsKey(client) ? client : _spellings.GetValueOrDefault(client);

    /// <param name="clientName">The client; <see langword="null"/>: all of them, as in <c>ConfigureHttpClientDefaults</c>.</param>
    /// <param name="binding">What was called.</param>
    public void Add(string? clientName, ClientBinding binding)
    {
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
