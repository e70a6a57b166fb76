namespace FlexTls;

/// <summary>
/// What became of an upstream's connections: its last hour by minutes, its failures by code, and the hosts. Bounded
/// whatever happens. Thread-safe.
/// </summary>
internal sealed class ConnectionHistory(TimeProvider clock)
{
    private const int Minutes = 60;
    private const int MostCodes = 20;
    private const int MostHosts = 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, UpstreamTlsFailure> _failures = new(StringComparer.Ordinal);
    private readonly List<string> _hosts = [];
    private readonly Queue<UpstreamTlsMinute> _minutes = new();
    private UpstreamTlsMinute? _current;
    private string? _failingCode;
    private long _begun, _failedAt, _acceptedAt;
    private bool _hasMoreHosts;

    /// <summary>
    /// Why the TLS of the last new connection failed; <see langword="null"/>: it did not. The order counts, not the
    /// times: the clock may be set back.
    /// </summary>
    public string? FailingCode
    {
        get
        {
            lock (_lock)
            {
                return _failingCode;
            }
        }
    }

    /// <summary>
    /// The first hosts that connections were made to, in the order of the first one, and whether there are others.
    /// </summary>
    public (IReadOnlyList<string> Names, bool HasMore) Hosts
    {
        get
        {
            lock (_lock)
            {
                return ([.. _hosts], _hasMoreHosts);
            }
        }
    }

    /// <summary>The failures by code, the latest first.</summary>
    public IReadOnlyList<UpstreamTlsFailure> Failures
    {
        get
        {
            lock (_lock)
            {
                return [.. _failures.Values.OrderByDescending(failure => failure.LastAt)];
            }
        }
    }

    /// <summary>The minutes of the last hour in which anything happened, the oldest first.</summary>
    public IReadOnlyList<UpstreamTlsMinute> LastHour
    {
        get
        {
            lock (_lock)
            {
                var now = MinuteOf(clock.GetUtcNow());
                return
                [
                    // The clock may have been set back, so that a minute came twice.
                    .. _minutes.Append(_current).OfType<UpstreamTlsMinute>()
                        .Where(minute => now - minute.At < TimeSpan.FromMinutes(Minutes))
                        .GroupBy(minute => minute.At).OrderBy(minutes => minutes.Key)
                        .Select(minutes => new UpstreamTlsMinute
                        {
                            At = minutes.Key,
                            Handshakes = minutes.Sum(one => one.Handshakes),
                            Failures = minutes.Sum(one => one.Failures),
                        }),
                ];
            }
        }
    }

    /// <summary>Records that earlier failures say nothing about the policy in force.</summary>
    public void GenerationReplaced()
    {
        lock (_lock)
        {
            _failingCode = null;
        }
    }

    /// <summary>Records a handshake that succeeded.</summary>
    /// <param name="host">The host.</param>
    /// <param name="number">The number of the connection.</param>
    /// <param name="isAccepted">Whether the server can no longer refuse the client.</param>
    public void Succeeded(string host, long number, bool isAccepted)
    {
        lock (_lock)
        {
            if (isAccepted)
            {
                NoteAccepted(number);
            }

            var minute = Current();
            _current = minute with { Handshakes = minute.Handshakes + 1 };
            AddHost(host);
        }
    }

    /// <summary>The number of a connection that begins: later ones have higher numbers.</summary>
    public long Begin() => Interlocked.Increment(ref _begun);

    /// <summary>Records that a server that could have refused the client has answered it.</summary>
    /// <param name="number">The number of the connection.</param>
    public void Accepted(long number)
    {
        lock (_lock)
        {
            NoteAccepted(number);
        }
    }

    /// <summary>Records a connection that failed, or was refused.</summary>
    /// <param name="code">The code of the failure.</param>
    /// <param name="text">The failure in words.</param>
    /// <param name="isOfUpstream">Whether it was a new connection to the upstream itself.</param>
    /// <param name="number">
    /// The number of the connection; <see langword="null"/>: unknown, it counts as the last.
    /// </param>
    public void Failed(string code, string text, bool isOfUpstream, long? number = null)
    {
        lock (_lock)
        {
            var at = number ?? Volatile.Read(ref _begun);
            if (isOfUpstream && IsNew(at) && (number is null || at > _acceptedAt))
            {
                (_failingCode, _failedAt) = (code, at);
            }

            var (minute, now) = (Current(), clock.GetUtcNow());
            _current = minute with { Failures = minute.Failures + 1 };
            if (!_failures.TryGetValue(code, out var known) && _failures.Count == MostCodes)
            {
                _failures.Remove(_failures.Values.MinBy(failure => failure.LastAt)!.Code);
            }

            _failures[code] = new UpstreamTlsFailure
            {
                Code = code,
                Count = (known?.Count ?? 0) + 1,
                FirstAt = known?.FirstAt ?? now,
                LastAt = now,
                Message = text,
            };
        }
    }

    private void NoteAccepted(long number)
    {
        _acceptedAt = Math.Max(_acceptedAt, number);
        _failingCode = IsNew(number) ? null : _failingCode;
    }

    /// <summary>A connection that began before the last that failed says nothing of those after it.</summary>
    private bool IsNew(long number) => number >= _failedAt;

    private static DateTimeOffset MinuteOf(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    private UpstreamTlsMinute Current()
    {
        var at = MinuteOf(clock.GetUtcNow());
        if (_current is { } current && current.At == at)
        {
            return current;
        }

        if (_current is not null)
        {
            _minutes.Enqueue(_current);
            if (_minutes.Count == Minutes)
            {
                _minutes.Dequeue();
            }
        }

        return new UpstreamTlsMinute { At = at };
    }

    private void AddHost(string host)
    {
        if (!_hosts.Contains(host))
        {
            _hasMoreHosts |= _hosts.Count == MostHosts;
            if (_hosts.Count < MostHosts)
            {
                _hosts.Add(host);
            }
        }
    }
}
