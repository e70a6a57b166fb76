using FlexTls.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Watching;

/// <summary>Work that never ends is noticed; work that the clock jumps over is not taken for it.</summary>
public sealed class WatchProgressTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly RecordingLogger _log = new();
    private readonly WatchProgress _progress;

    public WatchProgressTests() => _progress = new WatchProgress(_clock, _log);

    public async ValueTask DisposeAsync()
    {
        await _progress.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public void WorkThatOutlastsThreeLooks_Hangs_UntilItEnds_AndIsLoggedOnce()
    {
        var since = _clock.GetUtcNow();
        var work = _progress.Begin();
        Look(2);
        Assert.Null(_progress.HangsSince);

        Look(5);
        Assert.Equal(since, _progress.HangsSince);
        Assert.Single(_log.Lines);

        work.Dispose();
        Assert.Null(_progress.HangsSince);
    }

    [Fact]
    public void AClockThatJumps_IsOneLook()
    {
        using var work = _progress.Begin();

        _clock.Advance(TimeSpan.FromDays(30));

        Assert.Null(_progress.HangsSince);
    }

    /// <summary>On a timer, an exception would end the process.</summary>
    [Fact]
    public async Task AClockThatSetsNoTimer_IsLogged()
    {
        var clock = new ThrowingTimers();
        await using var progress = new WatchProgress(clock, _log);

        clock.Throws = true;
        clock.Advance(WatchProgress.Interval);

        Assert.Contains("A step of watching failed", Assert.Single(_log.Lines).Text, StringComparison.Ordinal);
        clock.Throws = false;
    }

    private void Look(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _clock.Advance(WatchProgress.Interval);
        }
    }
}
