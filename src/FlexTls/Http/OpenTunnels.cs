using System.Net.Security;

namespace FlexTls;

/// <summary>
/// The open tunnels of a handler, and its connections without TLS. They keep a replaced generation until one second has
/// passed without any: when the last one closes, the handler may make another for a waiting request, and such waiting
/// cannot be seen from outside.
/// </summary>
internal sealed class OpenTunnels(Upstream upstream, UpstreamGeneration generation) : IConnectionPool
{
    private readonly Lock _lock = new();
    private readonly HashSet<Connection> _tunnels = [];
    private readonly RecentCount _open = new();
    private readonly RecentCount _unanswered = new();
    private readonly RecentCount _waitingWrites = new();
    private volatile bool _hasLostChain;
    private int _opened, _handshakes;

    /// <summary>How many tunnels there have been.</summary>
    public TunnelTally Tally => new(Volatile.Read(ref _opened), Volatile.Read(ref _handshakes));

    /// <summary>Counts a server that has presented its certificate.</summary>
    public void CountHandshake() => Interlocked.Increment(ref _handshakes);

    /// <summary>Counts a tunnel; <see langword="false"/>: the generation is over.</summary>
    public bool TryAdd(Connection tunnel)
    {
        lock (_lock)
        {
            if (!generation.TryAdd(tunnel))
            {
                return false;
            }

            generation.Keep(this);
            _tunnels.Add(tunnel);
            _opened += tunnel.IsPlain ? 0 : 1;
            _open.Begin();
            _unanswered.Begin();
            return true;
        }
    }

    /// <summary>Removes a closed tunnel; called once for each.</summary>
    public void Remove(Connection tunnel)
    {
        lock (_lock)
        {
            if (!_tunnels.Remove(tunnel))
            {
                // It came too late to be counted.
                return;
            }

            CountAnswer(tunnel);
            _open.End();
            if (_tunnels.Count == 0 && upstream.IsCurrent(generation))
            {
                // The handler may be abandoned, while the generation lasts as long as the program.
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
            return _tunnels.Any(tunnel => !tunnel.IsPlain && !tunnel.HasPresented && tunnel.LeadsTo(host));
        }
    }

    /// <summary>
    /// Records that a server has presented certificates on an unidentified connection, which may be any of these.
    /// </summary>
    /// <remarks>A full fence: either a swap sees this, or the judge of the chain sees the swap.</remarks>
    public void LoseChain()
    {
        _hasLostChain = true;
        Interlocked.MemoryBarrier();
    }

    /// <summary>Records that the server behind a tunnel has presented its certificates.</summary>
    public void Answered(Connection tunnel)
    {
        lock (_lock)
        {
            if (_tunnels.Contains(tunnel))
            {
                CountAnswer(tunnel);
            }
        }
    }

    /// <summary>Records what was negotiated with the server behind a tunnel.</summary>
    private void Authenticated(Connection tunnel, PresentedChain presented, SslStream stream, HandshakeTrace? trace)
    {
        var hello = trace?.Hello;
        var isMutual = hello is { IsResumed: false } ? trace!.HasSentCertificate : stream.IsMutuallyAuthenticated;
        var outcome = HandshakeOutcome.OfForeign(
            presented, NegotiatedTls.Of(stream, hello?.GroupName, hello?.IsResumed, isMutual));
        if (!upstream.IsCurrent(generation))
        {
            return;
        }

        generation.Context.Remember(outcome);
        upstream.Log.Succeeded(tunnel.Host, outcome, generation.Context.Effective);
    }

    /// <summary>Whether a tunnel or a connection without TLS is open.</summary>
    public bool HasAny => _open.Count > 0;

    /// <summary>
    /// Whether a request may have waited at any time since the last call: for an answer of a proxy or of the server
    /// behind it, without which the handler is still connecting, or behind another request's write.
    /// </summary>
    public bool HadWaiting() => _unanswered.WasAny() | _waitingWrites.WasAny();

    // Called under the generation's lock, so it takes none.
    public bool WasBusy() => _open.WasAny();

    /// <summary>Always false: <see cref="HandlerPool"/> answers for these connections.</summary>
    public bool SendsPings => false;

    private void CountAnswer(Connection tunnel)
    {
        if (tunnel.TryAnswer())
        {
            _unanswered.End();
        }
    }

    /// <summary>Does nothing: the handler closes its connections, and the generation the remaining ones.</summary>
    public void Close()
    {
    }

    /// <inheritdoc cref="Close"/>
    public void GiveUp()
    {
    }

    /// <summary>A tunnel, or a connection without TLS, as its generation sees it.</summary>
    internal sealed class Connection(string host, bool isRedirectTarget, OpenTunnels owner) : IUpstreamConnection
    {
        // Weak: counting connections must not keep alive those that nobody uses any more.
        private volatile WeakReference<EndableTransport>? _transport;
        private PresentedChain? _presented;
        private bool _isClosed;
        private bool _isAnswered;

        public string Host => host;

        public bool IsRedirectTarget => isRedirectTarget;

        /// <summary>
        /// Empty before the handshake, which the generation in force judges. <see cref="PresentedChain.None"/> if a
        /// chain may have been presented that could not be attributed to a connection.
        /// </summary>
        public IReadOnlyCollection<PresentedChain> Presented =>
            Volatile.Read(ref _presented) is { } chain ? [chain]
            : owner._hasLostChain && !IsPlain ? [PresentedChain.None] : [];

        /// <summary>Whether it carries no TLS.</summary>
        public bool IsPlain { get; init; }

        public bool NeedsPlainHttp { get; init; }

        /// <summary>Whether the server's certificates are known.</summary>
        public bool HasPresented => Volatile.Read(ref _presented) is not null;

        public bool IsOpen => !Volatile.Read(ref _isClosed);

        /// <summary>
        /// Records that the server has answered, or never will; <see langword="false"/>: this was known.
        /// </summary>
        public bool TryAnswer() => !Interlocked.Exchange(ref _isAnswered, true);

        /// <summary>Whether it leads to this host.</summary>
        public bool LeadsTo(HostName name) => HostName.TryParse(host) == name;

        /// <summary>Attaches the transport, once there is one.</summary>
        public void Join(EndableTransport transport) => _transport = new(transport);

        /// <summary>Keeps the certificates that the server has presented.</summary>
        /// <remarks>A full fence: either a swap sees the chain, or its judge sees the swap.</remarks>
        public void Keep(PresentedChain chain) => Interlocked.Exchange(ref _presented, chain);

        /// <summary>The handshake of the pool's stream is complete.</summary>
        /// <param name="stream">The stream.</param>
        /// <param name="trace">What was seen of the handshake; <see langword="null"/>: nothing.</param>
        public void Authenticated(SslStream stream, HandshakeTrace? trace)
        {
            if (!isRedirectTarget && Volatile.Read(ref _presented) is { } presented)
            {
                owner.Authenticated(this, presented, stream, trace);
            }
        }

        public void End(string reason)
        {
            if (_transport is { } weak && weak.TryGetTarget(out var transport))
            {
                Closed();
                transport.End(reason);
            }
        }

        /// <inheritdoc cref="IConnectionObserver.WriteWaits"/>
        public void WriteWaits() => owner._waitingWrites.Begin();

        /// <inheritdoc cref="IConnectionObserver.WriteEnded"/>
        public void WriteEnded() => owner._waitingWrites.End();

        /// <summary>The connection is closed, or nobody uses it any more.</summary>
        public void Closed()
        {
            if (!Interlocked.Exchange(ref _isClosed, true))
            {
                owner.Remove(this);
            }
        }
    }
}
