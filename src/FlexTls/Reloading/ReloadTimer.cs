using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>Wakes when a waiting change may be put in force.</summary>
internal sealed class ReloadTimer : IAsyncDisposable
{
    // The clock may be adjusted, and a timer spans only some weeks.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Func<Task> _due;
    private readonly ITimer _timer;

    /// <param name="clock">The clock.</param>
    /// <param name="logger">Logs a failed check.</param>
    /// <param name="due">Checks again.</param>
    public ReloadTimer(TimeProvider clock, ILogger logger, Func<Task> due)
    {
        (_clock, _logger, _due) = (clock, logger, due);
        _timer = clock.CreateTimer(
            _ => _ = Task.Run(LookAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Checks again after a time, or after an hour if that is sooner.</summary>
    /// <param name="time">The time; <see langword="null"/>: nothing waits.</param>
    /// <param name="since">The timestamp at which the time began: reading took some of it.</param>
    public void Set(TimeSpan? time, long since)
    {
        var due = time is { } waits ? Due(waits) : Timeout.InfiniteTimeSpan;
        _timer.Change(due, Timeout.InfiniteTimeSpan);
        try
        {
            if (time - _clock.GetElapsedTime(since) is { } left)
            {
                _timer.Change(Due(left), Timeout.InfiniteTimeSpan);
            }

            // A clock that jumps before the timer is set does not move the timer.
            if (time <= _clock.GetElapsedTime(since))
            {
                _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
        }
        catch (Exception)
        {
            // A user's clock failed: the timer is set anyway, if a little late.
        }
    }

    /// <summary>Checks again soon, after a failure that may not repeat.</summary>
    public void SetRetry() => _timer.Change(Retry, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private async Task LookAsync()
    {
        try
        {
            await _due().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            try
            {
                SetRetry();
            }
            finally
            {
                // Also if a user's clock sets no timer.
                ReloadLog.LookFailed(_logger, e);
            }
        }
    }

    /// <summary>Timers count whole milliseconds, and one that comes early would be set again for nothing.</summary>
    private static TimeSpan Due(TimeSpan left) => left < Longest
        ? TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(left.TotalMilliseconds)))
        : Longest;
}
