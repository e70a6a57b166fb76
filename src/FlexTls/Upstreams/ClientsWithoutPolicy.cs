using System.Collections.Concurrent;

namespace FlexTls.Upstreams;

/// <summary>
/// The clients that were made while they had no policy of their own. A policy that arrives for one whose requests it
/// must refuse degrades its upstream at once, not only with the client's next request.
/// </summary>
internal sealed class ClientsWithoutPolicy
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<TlsPolicyDiagnostic>> _handlerFaults =
        new(StringComparer.Ordinal);

    /// <summary>Records a client.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="handlerFaults">Why no policy can take its handler's place; empty: one can.</param>
    public void Note(string client, IReadOnlyList<TlsPolicyDiagnostic> handlerFaults) =>
        _handlerFaults[client] = handlerFaults;

    /// <summary>Binds the clients for which policies exist now.</summary>
    /// <param name="find">
    /// The upstream that a client comes under; <see langword="null"/>: still none. Throws if the client must not be
    /// used.
    /// </param>
    public void Bind(Func<string, Upstream?> find)
    {
        foreach (var (client, handlerFaults) in _handlerFaults)
        {
            try
            {
                if (find(client) is { } upstream && _handlerFaults.TryRemove(client, out _))
                {
                    upstream.RefusedClients.Note(client, handlerFaults);
                }
            }
            catch (TlsPolicyException)
            {
                // The upstreams that are concerned know it; the client's next request reports it.
            }
        }
    }
}
