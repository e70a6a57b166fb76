using Microsoft.Extensions.Logging;

namespace FlexTls.Reloading;

/// <summary>Wakes when a waiting change may be put in force.</summary>
internal sealed class ReloadTimer : IAsyncDisposable
{
    // The clock may be set, and a timer spans only some weeks.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly ILogger _logger;
    private readonly Func<Task> _due;
    private readonly ITimer _timer;

    /// <param name="clock">The clock.</param>
    /// <param name="logger">Logs a failed check.</param>
    /// <param name="due">Looks again.</param>
    public ReloadTimer(TimeProvider clock, ILogger logger, Func<Task> due)
    {
        (_logger, _due) = (logger, due);
        _timer = clock.CreateTimer(_ => _ = Task.Run(LookAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Looks again after a time, or an hour if that is sooner.</summary>
    /// <param name="time">The time; <see langword="null"/>: nothing waits.</param>
    public void Set(TimeSpan? time)
    {
        var due = time is not { } waits ? Timeout.InfiniteTimeSpan : waits < Longest ? TimeSpan.FromMilliseconds(Math.Ceiling(waits.TotalMilliseconds)) : Longest;
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private async Task LookAsync()
    {
        try
        {
            await _due().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Set(Longest);
            ReloadLog.LookFailed(_logger, e);
        }
    }
}
