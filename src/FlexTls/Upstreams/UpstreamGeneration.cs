#pragma warning disable CA1001 // A source of cancellation without a timer holds nothing that must be freed.
using System.Collections.Concurrent;
using Microsoft.Extensions.Primitives;

namespace FlexTls;

/// <summary>
/// A policy of an upstream while it is in force and, after its replacement, while its connections are drained.
/// </summary>
internal sealed class UpstreamGeneration(int number, ContextGeneration context, DateTimeOffset since)
{
    // Disposing a pool fails the HTTP/2 requests in it that have not yet written their headers, whether they wait for a
    // connection or behind the write of another request.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<IUpstreamConnection, bool> _connections = new(1, 1);
    private readonly HashSet<IConnectionPool> _pools = [];
    private readonly CancellationTokenSource _replaced = new();
    private readonly CancellationTokenSource _reload = new();
    private readonly Lock _lock = new();
    private ITimer? _grace;
    private ITimer? _deadline;
    private TimeSpan _due;
    private TimeSpan _sinceRetired;
    private Action<UpstreamGeneration>? _drained;
    private bool _isClosing;
    private bool _isOver;

    /// <summary>Counted from 1.</summary>
    public int Number => number;

    public ContextGeneration Context => context;

    /// <summary>When it was put in force.</summary>
    public DateTimeOffset Since => since;

    /// <summary>Canceled when it is replaced: handshakes under way are then useless.</summary>
    public CancellationToken Replaced => _replaced.Token;

    /// <summary>Fires when it is replaced; in the background, because the callbacks are the user's.</summary>
    public IChangeToken ReloadToken => new CancellationChangeToken(_reload.Token);

    public int OpenConnections => _connections.Count(one => one.Key is { IsOpen: true, LeadsToServer: true });

    /// <summary>
    /// Adds a pool, which the generation disposes; <see langword="false"/>: too late, the pool would never be disposed.
    /// </summary>
    public bool TryAdd(IConnectionPool pool)
    {
        lock (_lock)
        {
            return !_isClosing && !_isOver && _pools.Add(pool);
        }
    }

    /// <summary>Adds a pool that need not be disposed, and keeps the others open while it makes connections.</summary>
    public void Keep(IConnectionPool pool)
    {
        lock (_lock)
        {
            _pools.Add(pool);
        }
    }

    public void Remove(IConnectionPool pool)
    {
        lock (_lock)
        {
            _pools.Remove(pool);
        }
    }

    /// <summary>Counts a connection; <see langword="false"/>: too late, the connection would never be closed.</summary>
    public bool TryAdd(IUpstreamConnection connection)
    {
        lock (_lock)
        {
            return !_isOver && _connections.TryAdd(connection, true);
        }
    }

    public void Remove(IUpstreamConnection connection)
    {
        if (_connections.TryRemove(connection, out _))
        {
            ForgetIfDrained();
        }
    }

    /// <summary>Closes the open connections for which there is a reason.</summary>
    public int Close(Func<IUpstreamConnection, string?> reason)
    {
        var closed = 0;
        foreach (var (connection, _) in _connections)
        {
            if (connection.IsOpen && reason(connection) is { } text)
            {
                Safely(() => connection.End(text));
                closed++;
            }
        }

        return closed;
    }

    /// <summary>
    /// Prepares for replacement by another generation, so that a user's clock throws now and not later.
    /// </summary>
    /// <param name="clock">The clock.</param>
    /// <param name="deadline">How long work under way may continue, and the reason for the limit.</param>
    /// <param name="log">Logs the connections that were closed.</param>
    /// <param name="drained">Called once, when nothing is left.</param>
    public void Prepare(TimeProvider clock, DrainDeadline deadline, UpstreamLog log, Action<UpstreamGeneration> drained)
    {
        using var detached = Detached.Begin();
        _grace?.Dispose();
        _deadline?.Dispose();
        (_drained, _due) = (drained, deadline.Time);
        _grace = clock.CreateTimer(_ => ClosePools(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _deadline = clock.CreateTimer(
            _ => End(deadline, log), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether a pool was busy at any time since the last call.</summary>
    public bool WasBusy()
    {
        lock (_lock)
        {
            // All are asked: each begins a new period.
            return _pools.Aggregate(false, static (wasBusy, pool) => pool.WasBusy() || wasBusy);
        }
    }

    /// <summary>
    /// Retires the generation, which is no longer in force. Work under way may continue until the deadline.
    /// </summary>
    public void Retire()
    {
        lock (_lock)
        {
            // Starts a new period: what was busy before does not count.
            _ = WasBusy();
            Safely(() => _grace!.Change(Grace, Grace));
            Safely(() => _deadline!.Change(_due, Timeout.InfiniteTimeSpan));
        }
    }

    /// <summary>
    /// Announces that another generation is in force. Handshakes under way are given up, and begin again under that
    /// one.
    /// </summary>
    public void TellReplaced()
    {
        Safely(_replaced.Cancel);
        _reload.CancelInBackground();
    }

    /// <summary>
    /// Closes idle connections at once, the others when their requests are answered. A pool that was busy in the last
    /// second waits for the next call; so does one that sends pings, unless the deadline comes first.
    /// </summary>
    private void ClosePools()
    {
        IConnectionPool[] quiet;
        lock (_lock)
        {
            // The idle connections of a pool that sends pings are closed before the deadline cuts off the others.
            _sinceRetired += Grace;
            var hasAnotherCall = _due - _sinceRetired > Grace;
            quiet = [.. _pools.Where(pool => !pool.WasBusy() && !(hasAnotherCall && pool.SendsPings))];
            _pools.ExceptWith(quiet);
            _isClosing = _pools.Count == 0;
            if (_isClosing)
            {
                Safely(_grace!.Dispose);
            }
        }

        foreach (var pool in quiet)
        {
            Safely(pool.Close);
        }

        ForgetIfDrained();
    }

    private static void Safely(Action close)
    {
        try
        {
            close();
        }
        catch (Exception)
        {
            // A user's transport or timer may throw when it is closed. The others must be closed as well, and this may
            // run on a timer, where an exception ends the process.
        }
    }

    private void ForgetIfDrained()
    {
        lock (_lock)
        {
            if (!_isClosing || !_connections.IsEmpty || _isOver)
            {
                return;
            }

            _isOver = true;
        }

        Safely(_deadline!.Dispose);
        _drained!(this);
    }

    private void End(DrainDeadline deadline, UpstreamLog log)
    {
        IConnectionPool[] pools;
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            // A connection added from now on would never be closed.
            _isOver = true;
            pools = [.. _pools];
            _pools.Clear();
            Safely(_grace!.Dispose);
        }

        // Pools before connections: a request that waits for one of the connections then gets no other of this
        // generation, and is sent under the one in force.
        foreach (var pool in pools)
        {
            Safely(pool.GiveUp);
            Safely(pool.Close);
        }

        var closed = Close(_ => deadline.Reason(log.Upstream, number));

        // First, because a log may hang.
        _drained!(this);
        if (closed > 0)
        {
            Safely(() => log.DrainEnded(number, closed, deadline));
        }
    }
}
