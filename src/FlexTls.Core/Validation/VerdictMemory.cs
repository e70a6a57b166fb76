using System.Collections.Concurrent;

namespace FlexTls;

/// <summary>
/// The accepted chains of one validator, for as long as the verdict cannot change. It depends on nothing else than what
/// is held here or is compared: the trust, names and pins of the validator's own policy, the host, the bytes of every
/// certificate of the path, and the time.
/// </summary>
internal sealed class VerdictMemory
{
    private const int MostHosts = 1_000;

    // A server may send much more than its chain.
    private const int MostBytes = 16 * 1024;

    private readonly ConcurrentDictionary<HostName, RememberedVerdict> _byHost = new(1, 1);

    /// <summary>The accepted chain of a host; <see langword="null"/>: none at this time.</summary>
    public RememberedVerdict? Find(HostName host, DateTimeOffset now) =>
        _byHost.TryGetValue(host, out var verdict) && verdict.HoldsAt(now) ? verdict : null;

    /// <summary>Remembers an accepted chain instead of the host's last one, unless it is too large.</summary>
    /// <param name="host">The host that was verified.</param>
    /// <param name="presented">What the server sent.</param>
    /// <param name="path">
    /// The accepted path: of certificates that the server sent, up to an anchor of the policy.
    /// </param>
    public void Keep(HostName host, PresentedChain presented, IReadOnlyList<DecodedCertificate> path)
    {
        if (presented.Length > MostBytes)
        {
            return;
        }

        if (_byHost.Count >= MostHosts)
        {
            _byHost.Clear();
        }

        _byHost[host] = new RememberedVerdict(presented, path);
    }
}
