namespace FlexTls;

/// <summary>
/// The items that may be changing. Files are written in pieces and one after another, so a content counts only when two
/// reads, a quiet period apart, are equal. Not thread-safe.
/// </summary>
internal sealed class SettlingChanges : IAsyncDisposable
{
    /// <summary>How long a content must stay the same.</summary>
    public static readonly TimeSpan QuietPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an item may keep changing, from its first change, before it is reported as unstable.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Episode> _episodes = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;

    /// <param name="clock">The clock of the quiet period.</param>
    /// <param name="due">Called by the clock when there is something to read.</param>
    public SettlingChanges(TimeProvider clock, Action due)
    {
        _clock = clock;
        _timer = clock.CreateTimer(_ => due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// The items that are worth waiting for. An item that was touched but has its old content is not among them: it
    /// could be touched again and again.
    /// </summary>
    public IEnumerable<string> Keys =>
        _episodes.Where(episode => episode.Value.IsChanging).Select(episode => episode.Key);

    /// <summary>
    /// The settling items were reported, and the receiver may wait for each of them, whatever it settles on.
    /// </summary>
    public void Await()
    {
        foreach (var episode in _episodes.Values.Where(episode => episode.IsChanging))
        {
            episode.IsAwaited = true;
        }
    }

    /// <summary>
    /// Notes that an item may have changed, and reads it now, unless it is settling already and will be read again
    /// anyway.
    /// </summary>
    public void Touch(ItemState state)
    {
        if (!_episodes.ContainsKey(state.Item.Key))
        {
            var since = _clock.GetTimestamp();
            _episodes.Add(
                state.Item.Key,
                new Episode(state, since) { Content = state.Item.Read(), ReadAt = _clock.GetTimestamp() });

            // With several, the timer already waits for the earliest.
            if (_episodes.Count == 1)
            {
                Arm();
            }
        }
    }

    /// <summary><see cref="Touch"/> for each.</summary>
    public void TouchAll(IEnumerable<ItemState> states)
    {
        foreach (var state in states)
        {
            Touch(state);
        }
    }

    /// <summary>The receiver has read the item meanwhile: what is changing since then is reported again.</summary>
    public void BeginAnew(string key)
    {
        if (_episodes.TryGetValue(key, out var episode))
        {
            (episode.Since, episode.IsReported) = (_clock.GetTimestamp(), false);
        }
    }

    /// <summary>Drops an item that is no longer watched.</summary>
    public void Remove(string key) => _episodes.Remove(key);

    /// <summary>Reads the items that have waited for a quiet period.</summary>
    /// <param name="found">Receives the changes to report.</param>
    /// <returns>The items that have settled, including those that settled on their old content.</returns>
    public IReadOnlyList<ItemState> Read(FoundChanges found)
    {
        var settled = new List<ItemState>();
        try
        {
            foreach (var episode in _episodes.Values.Where(episode => Remaining(episode) <= TimeSpan.Zero).ToList())
            {
                if (IsSettled(episode, found))
                {
                    _episodes.Remove(episode.State.Item.Key);
                    settled.Add(episode.State);
                }
            }
        }
        finally
        {
            // Even if a user's clock throws: nothing else arms the timer for the settling items.
            Arm();
        }

        return settled;
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    /// <summary>Reads the item once more.</summary>
    private bool IsSettled(Episode episode, FoundChanges found)
    {
        var (item, before) = (episode.State.Item, episode.Content);
        episode.Content = item.Read();
        episode.ReadAt = _clock.GetTimestamp();
        if (episode.Content == before)
        {
            if (episode.IsChanging)
            {
                episode.State.Report(before);
                found.AddSettled(item.Key, before);
            }

            return true;
        }

        if (!episode.IsReported && _clock.GetElapsedTime(episode.Since, episode.ReadAt) >= Patience)
        {
            episode.IsReported = true;
            found.AddUnstable(item.Key);
        }

        return false;
    }

    private TimeSpan Remaining(Episode episode) => QuietPeriod - _clock.GetElapsedTime(episode.ReadAt);

    private TimeSpan Shortest()
    {
        try
        {
            return _episodes.Values.Min(Remaining);
        }
        catch (Exception)
        {
            return QuietPeriod;
        }
    }

    private void Arm()
    {
        var next = Timeout.InfiniteTimeSpan;
        if (_episodes.Count > 0)
        {
            // Timers count whole milliseconds, and one that comes early would be set again for nothing.
            next = TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(Shortest().TotalMilliseconds)));
        }

        _timer.Change(next, Timeout.InfiniteTimeSpan);
    }

    /// <summary>From the first sign of a change until two reads are equal.</summary>
    private sealed class Episode(ItemState state, long since)
    {
        public ItemState State { get; } = state;

        public long Since { get; set; } = since;

        public required ContentVersion Content { get; set; }

        public required long ReadAt { get; set; }

        public bool IsReported { get; set; }

        public bool IsAwaited { get; set; }

        /// <summary>
        /// Whether it must be reported once it settles. After a report that it is unstable, the receiver waits for it
        /// too.
        /// </summary>
        public bool IsChanging => IsReported || IsAwaited || Content != State.Reported;
    }
}
