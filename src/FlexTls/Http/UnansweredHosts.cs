using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>Servers that closed their last connection without an answer, and why they may have done so.</summary>
internal sealed class UnansweredHosts
{
    // Behind a gateway, callers choose them.
    private const int Most = 100;

    // Requests are watched for so long after the last one; that costs each of them an allocation.
    private const int RecentMilliseconds = 60_000;

    // The platform's pool sends a request three times more, each time on a new connection.
    private const int Tries = 4;

    private readonly ConditionalWeakTable<HttpRequestMessage, StrongBox<int>> _tries = [];
    private readonly Dictionary<Authority, TlsHandshakeException> _hosts = [];
    private long _recentUntil;

    /// <summary>Whether a connection was closed lately, and its server has not answered since.</summary>
    public bool HasRecent =>
        Volatile.Read(ref _recentUntil) is > 0 and var until && Environment.TickCount64 < until;

    /// <summary>Records a connection that was closed.</summary>
    public void Add(Authority server, TlsHandshakeException refusal)
    {
        lock (_hosts)
        {
            if (_hosts.Count >= Most)
            {
                _hosts.Clear();
            }

            _hosts[server] = refusal;
            Volatile.Write(ref _recentUntil, Environment.TickCount64 + RecentMilliseconds);
        }
    }

    /// <summary>
    /// Counts a connection for a request, as far as is known: it may have been used by another one. Whoever retries may
    /// send the same message again, and then the pool begins anew.
    /// </summary>
    /// <returns>Whether the pool makes no other for it.</returns>
    public bool IsLastTryOf(WeakReference<HttpRequestMessage> request) =>
        request.TryGetTarget(out var message)
        && Interlocked.Increment(ref _tries.GetOrCreateValue(message).Value) % Tries == 0;

    /// <summary>Records that a server has answered.</summary>
    public void Remove(Authority server, WeakReference<HttpRequestMessage> request)
    {
        if (Volatile.Read(ref _recentUntil) > 0)
        {
            if (request.TryGetTarget(out var message))
            {
                _tries.Remove(message);
            }

            lock (_hosts)
            {
                _hosts.Remove(server);
                if (_hosts.Count == 0)
                {
                    Volatile.Write(ref _recentUntil, 0);
                }
            }
        }
    }

    /// <summary>Why the server closed its last connection; <see langword="null"/>: it did not.</summary>
    public TlsHandshakeException? Find(Uri address)
    {
        lock (_hosts)
        {
            return _hosts.GetValueOrDefault(Authority.Of(address));
        }
    }
}
