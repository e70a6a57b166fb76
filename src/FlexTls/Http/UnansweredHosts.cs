using System.Collections.Concurrent;

namespace FlexTls;

/// <summary>Hosts whose servers closed their last connections without an answer.</summary>
internal sealed class UnansweredHosts
{
    // The platform's pool sends a request three times more, each time on a new connection.
    private const int Retries = 3;

    // Behind a gateway, callers choose them.
    private const int MostHosts = 1_000;

    private readonly ConcurrentDictionary<string, (int Count, TlsHandshakeException Last)> _hosts =
        new(1, 1, StringComparer.OrdinalIgnoreCase);

    /// <summary>Records a connection that was closed.</summary>
    /// <returns>Whether so many were that the pool gives up.</returns>
    public bool Add(string host, TlsHandshakeException refusal) =>
        _hosts.Count >= MostHosts
        || _hosts.AddOrUpdate(
                host,
                static (_, last) => (1, last),
                static (_, known, last) => (Math.Min(known.Count, Retries) + 1, last),
                refusal)
            .Count > Retries;

    /// <summary>Records that a server has answered.</summary>
    public void Remove(string host) => _hosts.TryRemove(host, out _);

    /// <summary>Why the last connection was closed; <see langword="null"/>: it was not.</summary>
    public TlsHandshakeException? Find(string host) => _hosts.TryGetValue(host, out var known) ? known.Last : null;
}
