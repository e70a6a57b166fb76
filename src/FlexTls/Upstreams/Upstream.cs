namespace FlexTls;

/// <summary>
/// An upstream, which lasts as long as the program. Its policy, certificates and connections are a generation, which is
/// replaced as a whole.
/// </summary>
internal sealed class Upstream
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly List<IGenerationUser> _users = [];
    private readonly List<UpstreamGeneration> _draining = [];
    private volatile UpstreamState _state;
    private bool _hasClients;

    /// <param name="context">Shows the first generation.</param>
    /// <param name="source">Its policy.</param>
    /// <param name="name">The upstream's name, in one line.</param>
    /// <param name="log">Its log.</param>
    /// <param name="clock">The clock.</param>
    public Upstream(
        OutboundTlsContext context, RegisteredPolicy source, string name, UpstreamLog log, TimeProvider clock)
    {
        (Context, Name, Log, _clock) = (context, name, log, clock);
        _state = new UpstreamState(new UpstreamGeneration(1, context.Generation, clock.GetUtcNow()), source)
        {
            Confirmed = source.Policy,
        };
        RefusedClients = new RefusedClients(clock);
    }

    public string Name { get; }

    public UpstreamLog Log { get; }

    /// <summary>A lasting handle onto the generation in force.</summary>
    public OutboundTlsContext Context { get; }

    /// <summary>The generation in force.</summary>
    public UpstreamGeneration Current => _state.Generation;

    /// <summary>
    /// The state for all clients. During a replacement, reading it waits until clients use the next generation.
    /// </summary>
    public UpstreamState State => Read(() => _state);

    /// <summary>The policy in force, and its place.</summary>
    public RegisteredPolicy Source => _state.Source;

    /// <summary>Whether it is the upstream of a client without a policy of its own.</summary>
    public bool IsGatewayDefault => ReferenceEquals(Source, RegisteredPolicy.GatewayDefault);

    /// <summary>Binds a client, unless the policy has no HTTP; from then on, no policy without HTTP comes in.</summary>
    public TlsPolicyException? BindClient(string client)
    {
        lock (_lock)
        {
            var fault = HttpAlpn.FaultOf(Source, client);
            _hasClients |= fault is null;
            return fault;
        }
    }

    /// <summary>Checks that the present users of the upstream can use a policy.</summary>
    /// <exception cref="TlsPolicyException">
    /// HTTP clients use the upstream, and the policy does not allow HTTP.
    /// </exception>
    public void Check(RegisteredPolicy next)
    {
        lock (_lock)
        {
            if ((_hasClients || _users.Any(user => user.NeedsHttp))
                && HttpAlpn.FaultOf(next, $"upstream '{Name}' has clients") is { } withoutHttp)
            {
                throw withoutHttp;
            }
        }
    }

    /// <summary>
    /// Why the policy in force is not the one in its source, or does not reach a client; <see langword="null"/>:
    /// neither.
    /// </summary>
    public Degradation? Degradation => RefusedClients.With(_state.Degradation);

    /// <summary>Compares the addresses of requests with the Service's.</summary>
    public AddressWatch AddressWatch { get; } = new();

    /// <summary>The clients whose requests are refused.</summary>
    public RefusedClients RefusedClients { get; }

    /// <summary>The change that takes effect if it stays the same; <see langword="null"/>: none.</summary>
    public PendingChange? Pending => _state.Pending;

    /// <summary>How many connections of generations that were replaced are still open.</summary>
    public int DrainingConnections => Read(() => _draining.Sum(generation => generation.OpenConnections));

    /// <summary>Who uses it.</summary>
    public IReadOnlyList<UpstreamTlsUser> Users =>
        Read(() => _users.Select(user => user.Shown).OfType<UpstreamTlsUser>().ToList());

    /// <summary>Adds a user, which receives the generation in force before this returns, and each later one.</summary>
    public void Join(IGenerationUser user)
    {
        lock (_lock)
        {
            user.Adopt(Current);
            _users.Add(user);
        }
    }

    public void Leave(IGenerationUser user)
    {
        lock (_lock)
        {
            _users.Remove(user);
        }
    }

    /// <summary>
    /// Puts a generation in force, at once for everything that starts from now on. The previous generation is drained.
    /// </summary>
    /// <param name="next">The generation.</param>
    /// <param name="source">Its policy.</param>
    /// <param name="isConfirmed">Whether the caller has confirmed that it may be weaker than the previous one.</param>
    /// <exception cref="TlsPolicyException">The users of the upstream cannot use the policy.</exception>
    public void Replace(ContextGeneration next, RegisteredPolicy source, bool isConfirmed = false)
    {
        UpstreamGeneration old;
        UpstreamGeneration[] draining;
        lock (_lock)
        {
            // Again, and under the lock: its first client may have come meanwhile.
            Check(source);

            // First, because a user's clock may throw.
            old = Current;
            var now = _clock.GetUtcNow();
            old.Prepare(_clock, DrainDeadline.For(old.Context, next, now), Log, Forget);
            var current = new UpstreamGeneration(old.Number + 1, next, now);
            var before = _state;
            var weaker = isConfirmed ? [] : PolicyChange.Between(before.Confirmed, source.Policy).Weaker;
            _state = new UpstreamState(current, source)
            {
                // Kept as long as the upstream is weakened, and only to be compared: the key was replaced.
                Confirmed = weaker.Count > 0 ? before.Confirmed.WithoutIdentity() : source.Policy,
                Weakening = weaker.Count == 0
                    ? null
                    : new() { Reasons = weaker, Since = before.Weakening?.Since ?? now },
            };
            try
            {
                _users.ForEach(user => user.Adopt(current));
            }
            catch
            {
                // The previous generation stays, for all users.
                _state = before;
                _users.ForEach(user => user.Adopt(old));
                throw;
            }

            // Last: whoever sees the new generation here must not start a request under the old one.
            Context.Generation = next;
            _draining.Add(old);
            draining = [.. _draining];
            old.Retire();
        }

        old.TellReplaced();

        new DrainJudge(next, Log).CloseRefused(draining);
        Log.InForce(Current.Number, next, source.Source, Users);
    }

    /// <summary>Records that the source's policy cannot be used, or is gone: the policy in force stays.</summary>
    /// <param name="faults">What is wrong.</param>
    /// <param name="now">The time.</param>
    public void Degrade(IReadOnlyList<TlsPolicyDiagnostic> faults, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_state.Degradation is { } known && known.HasFaults(faults))
            {
                return;
            }

            // First: whoever sees the degraded state must find the error too.
            Log.Degraded(faults, now);
            var since = _state.Degradation?.Since ?? now;
            _state = _state with { Degradation = new Degradation(faults, since), Pending = null };
        }
    }

    /// <summary>Records that the source contains the policy in force, perhaps at another place.</summary>
    public void Heal(RegisteredPolicy source)
    {
        var waited = Pending is not null;
        Change(state => state with { Source = source, Degradation = null, Pending = null });
        if (waited)
        {
            Log.NoLongerWaits();
        }
    }

    /// <summary>Records that the source contains a policy that waits; the policy in force stays.</summary>
    public void Await(PendingChange pending)
    {
        var isNews = Pending?.Start != pending.Start;
        Change(state => state with { Degradation = null, Pending = pending });
        if (isNews)
        {
            Log.Waits(pending);
        }
    }

    /// <summary>Records the caller's confirmation that the policy in force is intended.</summary>
    public void Confirm() => Change(state => state with { Confirmed = state.Source.Policy, Weakening = null });

    /// <summary>
    /// Whether a generation is in force. A connection made during its replacement must be made again.
    /// </summary>
    public bool IsCurrent(UpstreamGeneration generation) => generation == Current;

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }

    private void Change(Func<UpstreamState, UpstreamState> change)
    {
        lock (_lock)
        {
            _state = change(_state);
        }
    }

    private void Forget(UpstreamGeneration drained)
    {
        lock (_lock)
        {
            _draining.Remove(drained);
        }
    }
}
