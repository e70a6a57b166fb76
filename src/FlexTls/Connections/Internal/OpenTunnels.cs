using FlexTls.Policies;
using FlexTls.Upstreams;

namespace FlexTls.Connections;

/// <summary>
/// The tunnels of a handler that are not closed yet. They keep a replaced generation until one second has passed
/// without any: when the last is closed, the handler makes one for a request that waited, and nobody sees that it
/// waits.
/// </summary>
internal sealed class OpenTunnels(Upstream upstream, UpstreamGeneration generation) : IConnectionPool
{
    private readonly Lock _lock = new();
    private readonly HashSet<TunnelConnection> _tunnels = [];
    private int _count;
    private int _hasClosed;
    private int _unanswered;
    private int _wasAnswered;

    /// <summary>Counts a tunnel; <see langword="false"/>: the generation is over.</summary>
    public bool TryAdd(TunnelConnection tunnel)
    {
        lock (_lock)
        {
            if (!generation.TryAdd(tunnel))
            {
                return false;
            }

            generation.Keep(this);
            _tunnels.Add(tunnel);
            _count = _tunnels.Count;
            Interlocked.Increment(ref _unanswered);
            return true;
        }
    }

    /// <summary>A tunnel is closed; called once for each.</summary>
    public void Remove(TunnelConnection tunnel)
    {
        lock (_lock)
        {
            if (!_tunnels.Remove(tunnel))
            {
                // It came too late to be counted.
                return;
            }

            CountAnswer(tunnel);

            // In this order: who asks meanwhile finds one of the two.
            Volatile.Write(ref _hasClosed, 1);
            Volatile.Write(ref _count, _tunnels.Count);
            if (_count == 0 && upstream.IsCurrent(generation))
            {
                // The handler may be thrown away, and the generation last as long as the program.
                generation.Remove(this);
            }
        }

        generation.Remove(tunnel);
    }

    /// <summary>
    /// Whether a tunnel leads to a host whose server has not, as far as is known, presented certificates.
    /// </summary>
    public bool HasUnansweredTo(HostName host)
    {
        lock (_lock)
        {
            return _tunnels.Any(tunnel => !tunnel.HasPresented && tunnel.LeadsTo(host));
        }
    }

    /// <summary>The server behind a tunnel has presented its certificates.</summary>
    public void Answered(TunnelConnection tunnel)
    {
        lock (_lock)
        {
            if (_tunnels.Contains(tunnel))
            {
                CountAnswer(tunnel);
            }
        }
    }

    /// <summary>
    /// Whether a proxy or the server behind it had not answered at any time since this was asked last: until then, the
    /// handler is still making the connection.
    /// </summary>
    /// <remarks>Asked under the generation's lock, so it takes none.</remarks>
    public bool WasUnanswered()
    {
        var was = Interlocked.Exchange(ref _wasAnswered, 0) != 0;
        return was || Volatile.Read(ref _unanswered) > 0;
    }

    // Asked under the generation's lock, so it takes none.
    public bool WasConnecting() => Volatile.Read(ref _count) > 0 || Interlocked.Exchange(ref _hasClosed, 0) > 0;

    private void CountAnswer(TunnelConnection tunnel)
    {
        if (tunnel.TryAnswer())
        {
            // In this order: between the two it is seen twice, not never.
            Volatile.Write(ref _wasAnswered, 1);
            Interlocked.Decrement(ref _unanswered);
        }
    }

    /// <summary>Nothing to do: the handler closes its connections, and the generation those that are left.</summary>
    public void End()
    {
    }

    /// <inheritdoc cref="End"/>
    public void Dispose()
    {
    }
}
