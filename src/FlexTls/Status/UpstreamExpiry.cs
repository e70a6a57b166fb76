using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>
/// Checks the certificates of one upstream when a generation is put in force, and every hour; more often if they live
/// less than a day.
/// </summary>
internal sealed class UpstreamExpiry : IGenerationUser, IDisposable
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMinutes(1);

    // The parts of a lifetime after which a certificate is looked at again.
    private const int Parts = 24;

    private readonly Lock _lock = new();
    private readonly string _upstream;
    private readonly ExpiryThresholds _thresholds;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private volatile GenerationExpiry? _generation;

    public UpstreamExpiry(string upstream, TimeProvider clock, ExpiryThresholds thresholds, ILogger logger)
    {
        (_upstream, _thresholds, _logger) = (upstream, thresholds, logger);

        // A request may put an upstream to use; the timer must not keep its execution context.
        using (Detached.Begin())
        {
            _timer = CreateTimer(clock, _ => Check(clock));
        }
    }

    public bool NeedsHttp => false;

    /// <summary>Checks by the timer: the caller holds the upstream's lock, and must not wait for a log.</summary>
    public void Adopt(UpstreamGeneration generation)
    {
        lock (_lock)
        {
            _generation = new GenerationExpiry(_upstream, generation, _thresholds, _logger);
            _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private static ITimer CreateTimer(TimeProvider clock, TimerCallback check)
    {
        try
        {
            return clock.CreateTimer(check, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        catch (Exception)
        {
            // The program's clock failed, which must not keep the upstream out of use.
            return TimeProvider.System.CreateTimer(check, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Check(TimeProvider clock)
    {
        var generation = _generation;
        var interval = LongestInterval;
        try
        {
            generation?.Check(clock.GetUtcNow());
            interval = generation?.ShortestLifetime / Parts ?? interval;
        }
        catch (Exception e)
        {
            // On a timer, an exception ends the process.
            ExpiryLog.CheckFailed(_logger, _upstream, e);
        }

        Schedule(generation, interval);
    }

    /// <summary>The next check, unless another generation has been put in force: that is checked at once.</summary>
    private void Schedule(GenerationExpiry? generation, TimeSpan interval)
    {
        interval = interval > LongestInterval ? LongestInterval
            : interval < ShortestInterval ? ShortestInterval : interval;
        try
        {
            lock (_lock)
            {
                if (generation == _generation)
                {
                    _timer.Change(interval, Timeout.InfiniteTimeSpan);
                }
            }
        }
        catch (Exception e)
        {
            // As above: the clock is the program's.
            ExpiryLog.CheckFailed(_logger, _upstream, e);
        }
    }
}
