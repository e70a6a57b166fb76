using System.Collections.Concurrent;

namespace FlexTls;

/// <summary>
/// The clients of an upstream whose requests are refused, because they cannot be put under its policy.
/// </summary>
internal sealed class RefusedClients(TimeProvider clock)
{
    // Names may come from callers.
    private const int Most = 100;

    private readonly ConcurrentDictionary<string, Degradation> _refused = new(1, 1, StringComparer.Ordinal);

    /// <summary>Why clients' requests are refused, and since when; <see langword="null"/>: none are.</summary>
    public Degradation? Combined => _refused.IsEmpty
        ? null
        : Of(_refused.OrderBy(client => client.Key, StringComparer.Ordinal).Select(client => client.Value));

    /// <summary>Records why a client's requests are refused.</summary>
    /// <param name="client">The client.</param>
    /// <param name="faults">The reasons; empty: they are not refused.</param>
    public void Note(string client, IReadOnlyList<TlsPolicyDiagnostic> faults)
    {
        if (faults.Count == 0)
        {
            _refused.TryRemove(client, out _);
        }
        else if (_refused.TryGetValue(client, out var known) ? !known.HasFaults(faults) : _refused.Count < Most)
        {
            _refused[client] = new Degradation(faults, clock.GetUtcNow());
        }
    }

    /// <summary>Combines what keeps an upstream from being up to date: its source, its clients, or both.</summary>
    public Degradation? With(Degradation? ofSource) => (ofSource, Combined) switch
    {
        (null, var ofClients) => ofClients,
        (_, null) => ofSource,
        (_, { } ofClients) => Of([ofSource, ofClients]),
    };

    private static Degradation? Of(IEnumerable<Degradation> parts)
    {
        List<Degradation> all = [.. parts];
        return all.Count == 0
            ? null
            : new Degradation([.. all.SelectMany(part => part.Faults).Distinct()], all.Min(part => part.Since));
    }
}
