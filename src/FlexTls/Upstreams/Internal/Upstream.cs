using FlexTls.Contexts;

namespace FlexTls.Upstreams;

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
    private volatile UpstreamGeneration _current;
    private volatile RegisteredPolicy _source;
    private volatile Degradation? _degradation;

    public Upstream(ContextGeneration first, RegisteredPolicy source, string name, UpstreamLog log, TimeProvider clock)
    {
        (Name, _source, Log, _clock) = (name, source, log, clock);
        _current = new UpstreamGeneration(1, first, clock.GetUtcNow());
        Context = new TlsContext(first);
        RefusedClients = new RefusedClients(clock);
    }

    public string Name { get; }

    public UpstreamLog Log { get; }

    /// <summary>A lasting handle onto the generation in force.</summary>
    public TlsContext Context { get; }

    /// <summary>The generation in force.</summary>
    public UpstreamGeneration Current => _current;

    /// <summary>The generation that all clients use: while it is being replaced, who asks waits until they use the next one.</summary>
    public UpstreamGeneration InForce
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>The policy in force, and where it stands.</summary>
    public RegisteredPolicy Source => _source;

    /// <summary>Whether a client makes its requests under it, so that its policy must have HTTP.</summary>
    public bool IsUsedByHttp { get; set; }

    /// <summary>Why the policy in force is not the one that its source holds, or does not reach a client; <see langword="null"/>: neither.</summary>
    public Degradation? Degradation => RefusedClients.With(_degradation);

    /// <summary>Why the policy in force is not the one that its source holds; <see langword="null"/>: it is.</summary>
    public Degradation? SourceDegradation => _degradation;

    /// <summary>Compares where requests go with where the Service is.</summary>
    public AddressWatch AddressWatch { get; } = new();

    /// <summary>The clients whose requests are refused.</summary>
    public RefusedClients RefusedClients { get; }

    /// <summary>How many connections of generations that were replaced are still open.</summary>
    public int DrainingConnections
    {
        get
        {
            lock (_lock)
            {
                return _draining.Sum(generation => generation.OpenConnections);
            }
        }
    }

    /// <summary>From now on, the user is given each generation; it gets the one in force before this returns.</summary>
    public void Join(IGenerationUser user)
    {
        lock (_lock)
        {
            _users.Add(user);
            user.Adopt(_current);
        }
    }

    public void Leave(IGenerationUser user)
    {
        lock (_lock)
        {
            _users.Remove(user);
        }
    }

    /// <summary>Puts a generation in force, at once for everything that starts from now on. What the one before has under way is drained.</summary>
    public void Replace(ContextGeneration next, RegisteredPolicy source)
    {
        UpstreamGeneration old;
        UpstreamGeneration[] draining;
        lock (_lock)
        {
            old = _current;
            _current = new UpstreamGeneration(old.Number + 1, next, _clock.GetUtcNow());
            _source = source;
            _users.ForEach(user => user.Adopt(_current));

            // Last: who sees the new generation here starts no request under the old one.
            Context.Generation = next;
            _draining.Add(old);
            draining = [.. _draining];
            old.Retire(_clock, DrainDeadline.For(old.Context, next, _clock.GetUtcNow()), Log, Forget);
        }

        old.GiveUpHandshakes();
        Heal(source);
        Log.InForce(_current.Number, source.Source);
        new DrainJudge(next, Log).CloseRefused(draining);
    }

    /// <summary>The source holds something that cannot be used, or nothing any more: what is in force stays.</summary>
    public void Degrade(IReadOnlyList<TlsPolicyDiagnostic> faults)
    {
        if (_degradation is { } known && known.HasFaults(faults))
        {
            return;
        }

        _degradation = new Degradation(faults, _degradation?.Since ?? _clock.GetUtcNow());
        Log.Degraded(faults);
    }

    /// <summary>The source holds the policy in force, perhaps at another place.</summary>
    public void Heal(RegisteredPolicy source) => (_source, _degradation) = (source, null);

    /// <summary>Whether a generation is in force. A connection that was made while it was replaced must be made again.</summary>
    public bool IsCurrent(UpstreamGeneration generation) => generation == _current;

    private void Forget(UpstreamGeneration drained)
    {
        lock (_lock)
        {
            _draining.Remove(drained);
        }
    }
}
