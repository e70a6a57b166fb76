using System.Collections.Concurrent;

namespace FlexTls;

/// <summary>
/// The clients that were created without a policy of their own. If a policy arrives and the requests of such a client
/// must be refused, its upstream is degraded at once, not only with the client's next request.
/// </summary>
internal sealed class ClientsWithoutPolicy
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<TlsPolicyDiagnostic>> _handlerFaults =
        new(StringComparer.Ordinal);

    /// <summary>Records a client.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="handlerFaults">Why its handler cannot be put under a policy; empty: it can.</param>
    public void Note(string client, IReadOnlyList<TlsPolicyDiagnostic> handlerFaults) =>
        _handlerFaults[client] = handlerFaults;

    /// <summary>Binds the clients for which policies exist now.</summary>
    /// <param name="find">
    /// Finds the upstream of a client; <see langword="null"/>: still none. Throws if the client must not be used.
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
                // The affected upstreams have recorded it; the client's next request reports it.
            }
        }
    }
}
