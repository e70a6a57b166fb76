using FlexTls.Sources;
using FlexTls.Upstreams;

namespace FlexTls.Reloading;

/// <summary>
/// The source of each upstream's policy: once the policy is gone or unreadable, nothing else knows it. It stays the
/// same until it is gone, or was read without the upstream: another source that has the upstream too does not take it
/// over.
/// </summary>
/// <param name="table">The running upstreams.</param>
internal sealed class UpstreamOwners(UpstreamTable table)
{
    private readonly Dictionary<UpstreamKey, PolicySource> _owners = [];

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

        // First to the source of the policy in force: its file may have another name now, beside one that conflicts.
        Pass(sources, readings, present, (key, policy) => policy.Policy.Equals(table.Find(key)?.Source.Policy));
        if (MayPass(readings))
        {
            Pass(sources, readings, present, (_, _) => true);
        }
    }

    /// <summary>
    /// Whether an upstream that its source has no longer may become another source's: not while one of them is changing
    /// or cannot be read, as it may be what the source has become.
    /// </summary>
    public static bool MayPass(SourceReadings readings) =>
        !IsChanging(readings) && readings.Sources.All(source => readings.Of(source) is { OtherFaults.Count: 0 });

    /// <summary>Whether a source is changing, or was not read yet.</summary>
    public static bool IsChanging(SourceReadings readings) =>
        readings.IsSettling
        || readings.Sources.Any(source => readings.IsAwaited(source) || readings.Of(source) is null);

    /// <summary>Whether an upstream's own source was read, and still has it or is at fault.</summary>
    public bool HasRead(UpstreamKey key, SourceReadings readings) =>
        Of(key) is { } owner && readings.Of(owner) is { } reading && MayHave(key, reading);

    /// <summary>Gives upstreams without an owner, and those that their owner has no longer, to other sources.</summary>
    private void Pass(
        IReadOnlyList<PolicySource> sources, SourceReadings readings, HashSet<PolicySource> present,
        Func<UpstreamKey, RegisteredPolicy, bool> mayTake)
    {
        foreach (var source in sources)
        {
            foreach (var (key, policy) in readings.Of(source)!.Policies)
            {
                if (Of(key) is not { } owner
                    || (owner != source && !(present.Contains(owner) && MayHave(key, readings.Of(owner)))
                        && mayTake(key, policy)))
                {
                    _owners[key] = source;
                }
            }
        }
    }

    /// <summary>Whether a source has an upstream, or nobody knows what it would say now.</summary>
    private static bool MayHave(UpstreamKey key, SourceReading? reading) =>
        reading is null or { OtherFaults.Count: > 0 } || reading.Faulty.Contains(key)
        || reading.Policies.Any(policy => policy.Key == key);
}
