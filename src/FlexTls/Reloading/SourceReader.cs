namespace FlexTls;

/// <summary>Finds and reads the sources, and knows what must be watched from then on. Not thread-safe.</summary>
internal sealed class SourceReader(PolicySources sources, SourceReadings readings)
{
    private const int MostFirstReadings = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private IReadOnlyList<WatchedItem> _listings = [];

    /// <summary>The faults of files and patterns that match nothing.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> NotFound { get; private set; } = [];

    /// <summary>Everything that the sources are made of. Asking lets go of what no source refers to any more.</summary>
    public IReadOnlyList<WatchedItem> Items => [.. _listings, .. sources.ContentsOf(readings)];

    /// <summary>
    /// Reads all sources for the first time, in one state: what moves from one source to another meanwhile would be
    /// missing in both. (Later, a policy that is missing stays in force.)
    /// </summary>
    /// <returns>
    /// The fault if that is not possible: a policy is gone meanwhile, or something keeps changing; otherwise none.
    /// </returns>
    public IReadOnlyList<TlsPolicyDiagnostic> ReadFirst()
    {
        var seen = new HashSet<UpstreamKey>();
        string? changed = null;
        for (var attempt = 0; attempt < MostFirstReadings; attempt++)
        {
            if (attempt > 0)
            {
                // Until configurations and sources have noticed the change too, in the system's own time.
                Task.Delay(Pause, TimeProvider.System).GetAwaiter().GetResult();
            }

            Read(found => readings.ReadAll(found, isAnew: false), isConfirmed: true);
            var present = readings.Sources.SelectMany(source => KeysIn(readings.Of(source)!)).ToHashSet();
            seen.UnionWith(present);
            changed = FindChanged() ?? FindMoved(afterFailure: attempt == 1)
                ?? seen.Except(present).Select(key => key.InWords).FirstOrDefault();
            if (changed is null)
            {
                return [];
            }
        }

        // What cannot be read ends the start with its own fault.
        return readings.Sources.Any(source => readings.Of(source)!.OtherFaults.Count > 0)
            ? []
            : [DiagnosticList.OneError(
                DiagnosticCodes.StillChanging, new Place(""),
                $"something changed during each of {MostFirstReadings} readings of the policies, the last time "
                + $"{changed}; start again when the change is complete.")];
    }

    /// <summary>Finds the sources and reads them.</summary>
    /// <param name="read">Reads those that were found.</param>
    /// <param name="isConfirmed">Whether sections that have not settled count as they are.</param>
    public void Read(Action<IReadOnlyList<PolicySource>> read, bool isConfirmed = false)
    {
        var notFound = new DiagnosticList();
        var named = sources.Name(isConfirmed ? null : readings, notFound);
        var before = _listings;

        // Before the files are searched, so that a change in between settles as a change.
        _listings = sources.Listings(named);
        read(sources.Find(named, notFound));
        readings.Recheck(named.Sections);
        readings.LetGo(before.Select(listing => listing.Key).Except(_listings.Select(listing => listing.Key)));
        NotFound = readings.AwaitsMissing ? NotFound : notFound.InFileOrder();
    }

    /// <summary>
    /// What names or holds policies and is another now than when it was read. A certificate that changes moves no
    /// policy.
    /// </summary>
    private string? FindChanged()
    {
        var own = readings.Sources.Where(source => source is PolicyFileSource or ConfigurationSource)
            .ToDictionary(source => source.Item!, source => source.Shown, StringComparer.Ordinal);
        var changed = _listings.Concat(sources.ContentsOf(readings).Where(item => own.ContainsKey(item.Key)))
            .FirstOrDefault(item => item.Read() != item.Known)?.Key;
        return changed is null ? null : own.GetValueOrDefault(changed, changed);
    }

    /// <summary>
    /// A source of the user's that has other upstreams now than when it was read. Its texts may differ with each
    /// answer, such as by the time in them. If there is no other source, nothing moves.
    /// </summary>
    /// <param name="afterFailure">Whether a source that failed is asked again, which may take its time.</param>
    private string? FindMoved(bool afterFailure) => readings.Sources is [_] && _listings is [] ? null
        : readings.Sources.OfType<CustomSource>()
            .Where(source => source.LookNow(afterFailure) != readings.Of(source)!.Versions[source.Item])
            .FirstOrDefault(HasMoved)?.Shown;

    private bool HasMoved(CustomSource source)
    {
        var before = KeysIn(readings.Of(source)!).ToHashSet();
        readings.ReadAgain(source);
        return !before.SetEquals(KeysIn(readings.Of(source)!));
    }

    private static IEnumerable<UpstreamKey> KeysIn(SourceReading reading) =>
        reading.Policies.Select(policy => policy.Key).Concat(reading.Faulty.Select(faults => faults.Key));
}
