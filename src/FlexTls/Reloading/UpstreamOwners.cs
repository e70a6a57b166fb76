namespace FlexTls;

/// <summary>
/// Remembers which source each upstream's policy came from. A source keeps its upstreams until it is gone, or is read
/// without them; another source that has an upstream too does not take it over before that.
/// </summary>
/// <param name="table">The running upstreams.</param>
internal sealed class UpstreamOwners(UpstreamTable table)
{
    private readonly Dictionary<UpstreamKey, PolicySource> _owners = [];
    private readonly Dictionary<UpstreamKey, HashSet<object>> _awaited = [];
    private readonly Dictionary<UpstreamKey, HashSet<PolicySource>> _contested = [];

    public PolicySource? Of(UpstreamKey key) => _owners.GetValueOrDefault(key);

    /// <summary>Finds the owners.</summary>
    /// <param name="sources">The sources that were read.</param>
    /// <param name="readings">The readings.</param>
    public void Find(IReadOnlyList<PolicySource> sources, SourceReadings readings)
    {
        var present = readings.Sources.ToHashSet();
        foreach (var (key, owner) in _owners.Where(owned => !present.Contains(owned.Value)).ToList())
        {
            // A file may be named in another way than before.
            if (present.FirstOrDefault(owner.HasContentOf) is { } same)
            {
                _owners[key] = same;
            }
        }

        Await(readings);
        FindContested(readings);

        // First to the source of the policy in force: its file may have another name now, beside one that conflicts.
        Assign(sources, readings, present, (key, policy) => policy.Policy.Equals(table.Find(key)?.Source.Policy));
        Assign(sources, readings, present, (key, _) => MayPass(key, readings));
    }

    /// <summary>
    /// Whether an upstream without an owner, or missing from its owner, waits for what was unsettled when the wait
    /// began: the policy may be there, or a conflicting one. Changes that begin later do not prolong this wait.
    /// </summary>
    public bool Waits(UpstreamKey key) => _awaited.TryGetValue(key, out var awaited) && awaited.Count > 0;

    /// <summary>
    /// Whether an upstream that its source has no longer may become another source's: not while it waits, nor while one
    /// of the sources keeps changing or cannot be read, as it may be what the source has become.
    /// </summary>
    public bool MayPass(UpstreamKey key, SourceReadings readings) =>
        !Waits(key) && !IsContested(key) && AllIsKnown(readings);

    /// <summary>
    /// Whether several sources have an upstream, or had it when they could be read last: then none of them counts.
    /// </summary>
    public bool IsContested(UpstreamKey key) => _contested.ContainsKey(key);

    /// <summary>Whether an upstream's own source was read, and still has it or is at fault.</summary>
    public bool HasRead(UpstreamKey key, SourceReadings readings) =>
        Of(key) is { } owner && readings.Of(owner) is { } reading && MayHave(key, reading);

    private static bool AllIsKnown(SourceReadings readings) =>
        readings.Sources.All(source => IsKnown(source, readings));

    private static bool IsKnown(PolicySource source, SourceReadings readings) =>
        readings.Of(source) is { OtherFaults.Count: 0 } && readings.StillChanging(source) is null;

    /// <summary>Finds the upstreams that several sources have, until those sources can all be read again.</summary>
    private void FindContested(SourceReadings readings)
    {
        // A source that is gone may be another one now, which nobody can read.
        var allIsKnown = AllIsKnown(readings);
        foreach (var (key, claimants) in _contested.ToList())
        {
            if (allIsKnown || claimants.All(claimant => IsKnown(claimant, readings)))
            {
                _contested.Remove(key);
            }
        }

        var claims = readings.Sources.SelectMany(source => (readings.Of(source)?.Policies ?? [])
            .Select(policy => policy.Key).Distinct().Select(key => (Key: key, Source: source)));
        foreach (var claimants in claims.GroupBy(claim => claim.Key, claim => claim.Source))
        {
            if (claimants.Skip(1).Any())
            {
                _contested.TryAdd(claimants.Key, []);
                _contested[claimants.Key].UnionWith(claimants);
            }
        }
    }

    /// <summary>Finds the upstreams that wait, and what for.</summary>
    private void Await(SourceReadings readings)
    {
        var open = _owners.Keys.Where(key => !HasRead(key, readings))
            .Concat(readings.Sources.SelectMany(source => readings.Of(source)?.Policies ?? [])
                .Select(policy => policy.Key).Where(key => Of(key) is null))
            .ToHashSet();
        foreach (var key in _awaited.Keys.Except(open).ToList())
        {
            _awaited.Remove(key);
        }

        foreach (var key in open)
        {
            if (Waits(key))
            {
                _awaited[key].IntersectWith(readings.Unsettled);
            }
            else
            {
                // It was just found missing, or its last wait is over and it still could not pass.
                _awaited[key] = [.. readings.Unsettled];
            }
        }
    }

    /// <summary>Gives upstreams without an owner, and those that their owner has no longer, to other sources.</summary>
    private void Assign(
        IReadOnlyList<PolicySource> sources, SourceReadings readings, HashSet<PolicySource> present,
        Func<UpstreamKey, RegisteredPolicy, bool> mayTake)
    {
        foreach (var source in sources)
        {
            foreach (var (key, policy) in readings.Of(source)!.Policies)
            {
                if (Of(key) is not { } owner
                    ? !Waits(key) && !IsContested(key) : IsFree(key, owner) && mayTake(key, policy))
                {
                    _owners[key] = source;
                }
            }
        }

        bool IsFree(UpstreamKey key, PolicySource owner) =>
            !(present.Contains(owner) && MayHave(key, readings.Of(owner)));
    }

    /// <summary>Whether a source has an upstream, or nobody knows what it would say now.</summary>
    private static bool MayHave(UpstreamKey key, SourceReading? reading) =>
        reading is null or { OtherFaults.Count: > 0 } || reading.Faulty.Contains(key)
        || reading.Has(key);
}
