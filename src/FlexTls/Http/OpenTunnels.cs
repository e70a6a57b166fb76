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
    private readonly CredentialWaits _credentials = new();
    private volatile bool _hasLostChain;

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
            _open.Begin();
            tunnel.ServerAnswer.Await();
            if (!tunnel.IsHidden)
            {
                // Counts for one more look: a spare connection may never be used. What is sent on it counts again.
                tunnel.ServerAnswer.Came();
            }

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
            return _tunnels.Any(tunnel => !tunnel.IsPlain && tunnel.Chain is null && tunnel.LeadsTo(host));
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

    /// <summary>Records that a handshake was given up before the server had finished it.</summary>
    private void GivenUp(Connection tunnel)
    {
        if (_hasLostChain)
        {
            // It may be an unidentified connection, whose end of the handshake was not noticed.
            return;
        }

        var failures = generation.Context.ApproachTo(tunnel.IsRedirectTarget).Failures;
        upstream.Log.Failed(
            failures.NotFinished(tunnel.Host),
            isOfUpstream: !tunnel.IsRedirectTarget && upstream.IsCurrent(generation), tunnel.Number);
    }

    /// <summary>Whether a tunnel or a connection without TLS is open.</summary>
    public bool HasAny => _open.Count > 0;

    /// <summary>
    /// Whether a request may have waited at any time since the last call: for an answer of a proxy or of the server
    /// behind it, without which the handler is still connecting, or behind another request's write.
    /// </summary>
    public bool HadWaiting() => _unanswered.WasAny() | _waitingWrites.WasAny() | _credentials.Look();

    // Called under the generation's lock, so it takes none.
    public bool WasBusy() => _open.WasAny();

    /// <summary>Always false: <see cref="HandlerPool"/> answers for these connections.</summary>
    public bool SendsPings => false;

    private long NextNumber() => upstream.Log.History.Begin();

    /// <summary>Does nothing: the handler closes its connections, and the generation the remaining ones.</summary>
    public void Close()
    {
    }

    /// <inheritdoc cref="Close"/>
    public void GiveUp()
    {
    }

    /// <summary>A tunnel, or a connection without TLS, as its generation sees it.</summary>
    internal sealed class Connection(Authority server, bool isRedirectTarget, OpenTunnels owner) : IUpstreamConnection
    {
        // Weak: counting connections must not keep alive those that nobody uses any more.
        private volatile WeakReference<EndableTransport>? _transport;
        private PresentedChain? _presented;
        private bool _isClosed;
        private bool _isGivenUp;
        private bool _wantsCredentials;
        private bool _hasBegun;

        /// <summary>The server that it leads to; without TLS, possibly the proxy.</summary>
        public Authority Server => server;

        public string Host => server.Host;

        public bool IsRedirectTarget => isRedirectTarget;

        /// <summary>
        /// Empty before the handshake, which the generation in force judges. <see cref="PresentedChain.None"/> if a
        /// chain may have been presented that could not be attributed to a connection.
        /// </summary>
        public IReadOnlyCollection<PresentedChain> Presented =>
            Chain is { } chain ? [chain]
            : owner._hasLostChain && !IsPlain ? [PresentedChain.None] : [];

        /// <summary>Whether it carries no TLS.</summary>
        public bool IsPlain { get; init; }

        /// <summary>Whether the user's code lies between it and the TLS in it.</summary>
        public bool IsHidden { get; init; }

        public bool NeedsPlainHttp { get; init; }

        public bool LeadsToServer => IsPlain || IsHidden || Volatile.Read(ref _hasBegun);

        /// <summary>Its number in the upstream's history; 0 before the handshake.</summary>
        public long Number { get; private set; }

        /// <summary>The server's certificates; <see langword="null"/>: they are not known.</summary>
        public PresentedChain? Chain => Volatile.Read(ref _presented);

        public bool IsOpen => !Volatile.Read(ref _isClosed);

        /// <summary>
        /// The answer of the proxy or of the server behind it, without which the handler is still connecting.
        /// </summary>
        public AwaitedAnswer ServerAnswer { get; } = new(owner._unanswered);

        /// <summary>The proxy is asked for the tunnel, perhaps again.</summary>
        public void ProxyAsked()
        {
            owner._credentials.End(ref _wantsCredentials);
            ServerAnswer.Await();
        }

        /// <summary>The proxy has refused the tunnel, and may keep the connection.</summary>
        public void ProxyRefused(bool wantsCredentials)
        {
            if (wantsCredentials)
            {
                owner._credentials.Begin(ref _wantsCredentials);
            }

            ServerAnswer.Came();
        }

        /// <summary>Whether it leads to this host.</summary>
        public bool LeadsTo(HostName name) => HostName.TryParse(server.Host) == name;

        /// <summary>Attaches the transport, once there is one.</summary>
        public void Join(EndableTransport transport) => _transport = new(transport);

        /// <summary>Keeps the certificates that the server has presented.</summary>
        /// <remarks>A full fence: either a swap sees the chain, or its judge sees the swap.</remarks>
        public void Keep(PresentedChain chain) => Interlocked.Exchange(ref _presented, chain);

        /// <summary>The handshake has begun: the tunnel stands.</summary>
        public void Begin()
        {
            // Only the upstream's own are counted: what becomes of others says nothing about it.
            Number = isRedirectTarget ? 0 : owner.NextNumber();
            Volatile.Write(ref _hasBegun, true);
        }

        /// <summary>The pool has given up the handshake while the server was to speak.</summary>
        public void GivenUp()
        {
            if (!Interlocked.Exchange(ref _isGivenUp, true))
            {
                owner.GivenUp(this);
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
                owner._credentials.End(ref _wantsCredentials);
                ServerAnswer.Close();
                owner.Remove(this);
            }
        }
    }
}
