namespace FlexTls;

/// <summary>Servers that closed their last connection without an answer, and why they may have done so.</summary>
internal sealed class UnansweredHosts
{
    // Behind a gateway, callers choose them.
    private const int Most = 100;

    // Requests are watched for so long after the last one; that costs each of them an allocation.
    private const int RecentMilliseconds = 60_000;

    private readonly Dictionary<Authority, (long Number, TlsHandshakeException Refusal)> _hosts = [];
    private long _recentUntil;
    private long _count;

    /// <summary>Whether a connection was closed lately, and its server has not answered since.</summary>
    public bool HasRecent =>
        Volatile.Read(ref _recentUntil) is > 0 and var until && Environment.TickCount64 < until;

    /// <summary>How many connections were closed so far.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Records a connection that was closed.</summary>
    public void Add(Authority server, TlsHandshakeException refusal)
    {
        lock (_hosts)
        {
            if (_hosts.Count >= Most)
            {
                _hosts.Clear();
            }

            var number = _count + 1;
            _hosts[server] = (number, refusal);
            Volatile.Write(ref _count, number);
            Volatile.Write(ref _recentUntil, Environment.TickCount64 + RecentMilliseconds);
        }
    }

    /// <summary>Records that a server has answered.</summary>
    public void Remove(Authority server)
    {
        if (Volatile.Read(ref _recentUntil) > 0)
        {
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
    /// <param name="address">The server.</param>
    /// <param name="before">
    /// The <see cref="Count"/> when the request began: what was closed before that cannot have been for it.
    /// </param>
    public TlsHandshakeException? Find(Uri address, long before)
    {
        lock (_hosts)
        {
            return HasRecent && _hosts.TryGetValue(Authority.Of(address), out var last) && last.Number > before
                ? last.Refusal : null;
        }
    }
}
