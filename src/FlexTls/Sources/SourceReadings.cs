using System.Collections.Concurrent;

namespace FlexTls;

/// <summary>
/// The last reading of each source, and the sources that must be read again. A reading counts if everything that it
/// depends on has settled on the content that was read: a reading between two changes is discarded. Not thread-safe.
/// </summary>
/// <param name="failed">Called with a source whose reading fails for a reason that no rule knows.</param>
internal sealed class SourceReadings(Action<PolicySource, Exception> failed)
{
    private readonly Dictionary<PolicySource, SourceReading> _readings = [];

    // By absolute path, reference of a secret, or key of a source.
    private readonly Dictionary<string, ContentVersion> _settled = new(StringComparer.Ordinal);
    private readonly Dictionary<PolicySource, IReadOnlyCollection<string>> _awaited = [];
    private readonly HashSet<string> _unstable = new(StringComparer.Ordinal);
    private HashSet<object> _unsettled = [];
    private int _readCount;

    /// <summary>All sources, in the order in which they were found.</summary>
    public IReadOnlyList<PolicySource> Sources { get; private set; } = [];

    /// <summary>Whether files are missing whose absence has not settled yet.</summary>
    public bool AwaitsMissing { get; private set; }

    /// <summary>
    /// The keys of changing items, and the sources still to be read: each of them causes another pass soon. Items that
    /// have kept changing for too long are not among them.
    /// </summary>
    public IReadOnlySet<object> Unsettled => _unsettled;

    /// <summary>How many sources have been read since the first load: the work that changes cause.</summary>
    public int ReadCount => _readCount;

    /// <summary>
    /// The versions of everything that sources depend on or wait for; an item that must settle has a version that
    /// equals no other.
    /// </summary>
    public IReadOnlyDictionary<string, ContentVersion> Known => KeysInUse
        .Distinct(StringComparer.Ordinal)
        .ToDictionary(key => key, key => _settled[key], StringComparer.Ordinal);

    private IEnumerable<string> KeysInUse => Sources
        .SelectMany(source => (Of(source)?.Versions.Keys ?? []).Concat(_awaited.GetValueOrDefault(source, [])));

    /// <summary>The last reading of a source that counts; <see langword="null"/>: there is none yet.</summary>
    public SourceReading? Of(PolicySource source) => _readings.GetValueOrDefault(source);

    /// <summary>The part of a source that keeps changing; <see langword="null"/>: none.</summary>
    public string? StillChanging(PolicySource source) => _unstable.FirstOrDefault(key => IsMadeOf(source, key));

    /// <summary>Whether a source must be read, because part of it may have changed.</summary>
    public bool IsAwaited(PolicySource source) => _awaited.ContainsKey(source);

    /// <summary>Marks sources to be read again, to see whether they have changed.</summary>
    public void Await(IEnumerable<PolicySource> sources)
    {
        foreach (var source in sources.Where(Sources.Contains))
        {
            _awaited.TryAdd(source, []);
        }
    }

    /// <summary>Records what has settled and what keeps changing.</summary>
    public void Note(ChangeSet changes)
    {
        foreach (var (key, version) in changes.Settled)
        {
            _settled[key] = version;
        }

        _unstable.ExceptWith(changes.Settled.Keys);
        _unstable.UnionWith(changes.Unstable);
        foreach (var source in Sources.Where(
            source => changes.Settled.Any(
                change => IsMadeOf(source, change.Key)
                    && Of(source)?.Versions.GetValueOrDefault(change.Key) != change.Value)))
        {
            _awaited.TryAdd(source, []);
        }
    }

    /// <summary>Reads the sources that must be read, except those that are still changing: these wait.</summary>
    /// <param name="found">The present sources.</param>
    /// <param name="stillSettling">The items that are changing or may be.</param>
    public void ReadSettled(IReadOnlyList<PolicySource> found, IReadOnlySet<string> stillSettling)
    {
        var before = KeysInUse.ToHashSet(StringComparer.Ordinal);

        // A file may be missing only for a moment: its absence must settle too.
        var missing = Sources.Except(found)
            .Where(source => source.IsMissing && Of(source) is not null && !HasSettled(source.Read()))
            .ToList();
        Replace([.. found, .. missing]);
        missing.ForEach(source => _awaited.TryAdd(source, []));
        AwaitsMissing = missing.Count > 0;
        List<string> changing = [.. stillSettling.Except(_unstable)];
        foreach (var source in Sources.Where(IsAwaited).Where(
            source => !changing.Exists(key => IsMadeOf(source, key))))
        {
            var reading = Read(source);
            if (HasSettled(reading))
            {
                Accept(source, reading);
                continue;
            }

            _awaited[source] = [.. reading.Versions.Keys];
            reading.Versions.Where(file => !HasSettled(file.Key, file.Value)).Select(file => file.Key)
                .Except(_unstable).ToList().ForEach(MustSettle);
        }

        // Items that no source refers to any more are not watched, so no report will say that they have settled.
        var dropped = before.Except(KeysInUse).ToHashSet(StringComparer.Ordinal);
        _unstable.ExceptWith(dropped);
        _unsettled =
        [
            .. stillSettling.Except(_unstable).Except(dropped),
            .. Sources.Where(source => (IsAwaited(source) || Of(source) is null) && StillChanging(source) is null),
        ];
    }

    /// <summary>
    /// Removes items that are no longer watched from <see cref="Unsettled"/>: no report will say that they have
    /// settled.
    /// </summary>
    public void LetGo(IEnumerable<string> keys) => _unsettled.ExceptWith(keys);

    /// <summary>Whether an item has settled on a content.</summary>
    public bool HasSettled(string key, ContentVersion version) => _settled.GetValueOrDefault(key) == version;

    /// <summary>Reads all sources, and treats everything that they depend on as settled.</summary>
    /// <param name="found">The present sources.</param>
    /// <param name="isAnew">Whether answers of user code that are kept are dropped.</param>
    public void ReadAll(IReadOnlyList<PolicySource> found, bool isAnew)
    {
        Replace(found);
        (AwaitsMissing, _unsettled) = (false, []);
        if (isAnew)
        {
            Sources.ToList().ForEach(source => source.Forget());
        }

        // Files do not depend on one another, and there may be many; the user's own code is called one by one.
        var files = new ConcurrentDictionary<PolicySource, SourceReading>();
        OwnThreads.ForEach(Sources.OfType<PolicyFileSource>().ToList(), file => files[file] = Read(file));
        foreach (var source in Sources)
        {
            Accept(source, files.GetValueOrDefault(source) ?? Read(source));
        }

        Trust();
    }

    /// <summary>Reads one source again, as <see cref="ReadAll"/> does.</summary>
    public void ReadAgain(PolicySource source)
    {
        Accept(source, Read(source));
        Trust();
    }

    /// <summary>Makes items settle again of which a reading saw another content.</summary>
    /// <param name="versions">The versions of that content.</param>
    public void Recheck(IReadOnlyDictionary<string, ContentVersion> versions)
    {
        foreach (var (key, version) in versions)
        {
            if (_readings.Values.Any(reading => reading.Versions.TryGetValue(key, out var read) && read != version))
            {
                MustSettle(key);
            }
        }
    }

    /// <summary>Replaces the set of sources. New ones must be read.</summary>
    private void Replace(IReadOnlyList<PolicySource> found)
    {
        Sources = [.. found.Distinct()];
        foreach (var source in _readings.Keys.Concat(_awaited.Keys).Except(Sources).ToList())
        {
            _readings.Remove(source);
            _awaited.Remove(source);
        }

        foreach (var source in Sources.Where(source => !_readings.ContainsKey(source)))
        {
            _awaited.TryAdd(source, []);
        }
    }

    private SourceReading Read(PolicySource source)
    {
        Interlocked.Increment(ref _readCount);
        try
        {
            return source.Read();
        }
        catch (Exception e) when (source is not CodeSource || _readings.ContainsKey(source))
        {
            // A fault of ours, which holds back no other source. (At start, the user's own code may throw.)
            lock (_settled)
            {
                failed(source, e);
                var known = (Of(source)?.Versions.Keys ?? []).Append(source.Item).OfType<string>().ToHashSet();
                known.Where(key => !_settled.ContainsKey(key)).ToList().ForEach(MustSettle);
                return SourceReading.Failed(source.Shown, e, known.ToDictionary(key => key, key => _settled[key]));
            }
        }
    }

    private void Accept(PolicySource source, SourceReading reading)
    {
        _readings[source] = _readings.TryGetValue(source, out var earlier) ? reading.KeepingEqual(earlier) : reading;
        _awaited.Remove(source);
    }

    private bool HasSettled(SourceReading reading) =>
        reading.Versions.All(file => HasSettled(file.Key, file.Value) && !_unstable.Contains(file.Key));

    /// <summary>
    /// Makes an item settle, on whatever content. Its new version differs from any reported one, so it is reported
    /// again.
    /// </summary>
    private void MustSettle(string key) => _settled[key] = ContentVersion.Unsettled();

    private void Trust()
    {
        _settled.Clear();
        _unstable.Clear();
        var differing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, version) in _readings.Values.SelectMany(reading => reading.Versions))
        {
            if (!_settled.TryAdd(key, version) && _settled[key] != version)
            {
                differing.Add(key);
            }
        }

        // Two sources have read the same file, which changed in between.
        foreach (var key in differing)
        {
            MustSettle(key);
        }
    }

    private bool IsMadeOf(PolicySource source, string key) =>
        (_readings.TryGetValue(source, out var reading) && reading.Versions.ContainsKey(key))
        || (_awaited.TryGetValue(source, out var awaited) && awaited.Contains(key));
}
