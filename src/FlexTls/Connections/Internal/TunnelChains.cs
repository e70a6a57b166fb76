using System.Collections.Concurrent;
using FlexTls.Validation;

namespace FlexTls.Connections;

/// <summary>
/// What servers behind a proxy presented, by host. The pool makes TLS through a tunnel by itself, so it is not known which
/// certificates belong to which connection: a connection counts as presented all that its host did.
/// </summary>
internal sealed class TunnelChains
{
    // A server has a few chains. Of one that makes new ones all the time nothing is remembered but that it cannot be judged.
    private const int MostOfAHost = 16;

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, PresentedChain>> _byHost = new(StringComparer.OrdinalIgnoreCase);

    public void Add(string host, PresentedChain chain)
    {
        var chains = _byHost.GetOrAdd(host, _ => new ConcurrentDictionary<string, PresentedChain>(StringComparer.Ordinal));
        if (chains.Count >= MostOfAHost)
        {
            chain = PresentedChain.None;
        }

        chains[chain.Fingerprint()] = chain;
    }

    public IReadOnlyCollection<PresentedChain> Of(string host) => _byHost.TryGetValue(host, out var chains) ? [.. chains.Values] : [];
}
