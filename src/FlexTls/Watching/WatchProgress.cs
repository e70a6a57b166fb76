using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>Detects that watching hangs, whatever the cause: changes go unnoticed then. Thread-safe.</summary>
internal sealed class WatchProgress : IAsyncDisposable
{
    /// <summary>How often progress is checked.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How many checks a piece of work may outlast: checks are counted, not time, because a clock may jump. Reading
    /// files ends sooner, even where it hangs.
    /// </summary>
    public const int Patience = 3;

    private readonly Lock _lock = new();
    private readonly HashSet<Work> _running = [];
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    /// <param name="clock">The clock.</param>
    /// <param name="logger">Logs, once, that watching hangs.</param>
    public WatchProgress(TimeProvider clock, ILogger logger)
    {
        (_clock, _logger) = (clock, logger);
        _timer = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// The time since which watching has made no progress; <see langword="null"/>: it makes progress.
    /// </summary>
    public DateTimeOffset? HangsSince
    {
        get
        {
            lock (_lock)
            {
                return _running.Where(work => work.Looks >= Patience).Select(work => (DateTimeOffset?)work.Since).Min();
            }
        }
    }

    /// <summary>
    /// Begins a piece of work, which ends when the result is disposed. Never throws: the work would be lost.
    /// </summary>
    public IDisposable Begin()
    {
        var work = new Work(this, Now());
        lock (_lock)
        {
            _running.Add(work);
        }

        return work;
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        Work? news;
        lock (_lock)
        {
            foreach (var work in _running)
            {
                work.Looks++;
            }

            news = _running.FirstOrDefault(work => work.Looks == Patience);
        }

        try
        {
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
        catch (Exception e)
        {
            // A user's clock failed, on a timer, where an exception ends the process.
            WatchingLog.StepFailed(_logger, e);
        }

        if (news is not null)
        {
            WatchingLog.Hangs(_logger, news.Since);
        }
    }

    private DateTimeOffset Now()
    {
        try
        {
            return _clock.GetUtcNow();
        }
        catch (Exception)
        {
            // A user's clock failed.
            return TimeProvider.System.GetUtcNow();
        }
    }

    private sealed class Work(WatchProgress progress, DateTimeOffset since) : IDisposable
    {
        public DateTimeOffset Since => since;

        public int Looks { get; set; }

        public void Dispose()
        {
            lock (progress._lock)
            {
                progress._running.Remove(this);
            }
        }
    }
}
