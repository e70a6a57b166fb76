using FlexTls.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Watching;

/// <summary>A clock of the user's that throws once delays a change, and loses none.</summary>
public sealed class FaultyClockTests
{
    private readonly FaultyClock _clock = new();

    [Fact]
    public async Task WhatSettles_IsReadAgain_WhereTheClockThrewMeanwhile()
    {
        var (found, failures) = (new FoundChanges(), 0);
        SettlingChanges settling = null!;
        await using var changes = settling = new SettlingChanges(_clock, () =>
        {
            try
            {
                settling.Read(found);
            }
            catch (InvalidOperationException)
            {
                failures++;
            }
        });
        var item = new WatchedItem("a", null, () => Versions.Of("new"), Versions.Of("old"));
        settling.Touch(new ItemState(item));

        _clock.Fails = true;
        Advance(SettlingChanges.QuietPeriod);
        Advance(SettlingChanges.QuietPeriod);
        _clock.Fails = false;
        Advance(SettlingChanges.QuietPeriod);

        Assert.NotEqual(0, failures);
        Assert.Equal(Versions.Of("new"), found.Take([], isAsked: false)!.Settled["a"]);
    }

    [Fact]
    public async Task WorkBegins_WhateverTheClockSays()
    {
        await using var progress = new WatchProgress(_clock, new RecordingLogger());
        _clock.Fails = true;

        using var work = progress.Begin();

        Assert.NotNull(work);
    }

    [Fact]
    public async Task AWaitThatIsOver_IsLookedAtAgain_AfterAFailure()
    {
        var (looks, log) = (0, new RecordingLogger());
        await using var timer = new ReloadTimer(_clock, log, () =>
        {
            looks++;
            return looks == 1 ? throw new InvalidOperationException("The clock stands still.") : Task.CompletedTask;
        });
        timer.Set(TimeSpan.FromSeconds(10), _clock.GetTimestamp());

        _clock.Fails = true;
        Advance(TimeSpan.FromSeconds(10));
        await log.UntilAsync(() => log.Warnings.Any(), Deadline.Token());
        Assert.StartsWith("The waiting changes could not be checked", Assert.Single(log.Warnings),
            StringComparison.Ordinal);
        Advance(TimeSpan.FromMinutes(1));
        await Deadline.UntilAsync(() => looks == 2);
    }

    [Fact]
    public async Task AFailure_IsLogged_ThoughTheTimerCannotBeSet()
    {
        var (clock, log) = (new ThrowingTimers(), new RecordingLogger());
        await using var timer = new ReloadTimer(
            clock, log, () => throw new InvalidOperationException("A failure."));
        timer.Set(TimeSpan.FromSeconds(10), clock.GetTimestamp());

        clock.Throws = true;
        clock.Advance(TimeSpan.FromSeconds(10));

        await log.UntilAsync(() => log.Warnings.Any(), Deadline.Token());
        Assert.StartsWith("The waiting changes could not be checked", Assert.Single(log.Warnings),
            StringComparison.Ordinal);
        clock.Throws = false;
    }

    [Fact]
    public async Task AWait_IsSet_ThoughTheClockThrows()
    {
        var looked = new TaskCompletionSource();
        await using var timer = new ReloadTimer(_clock, new RecordingLogger(), () =>
        {
            looked.SetResult();
            return Task.CompletedTask;
        });
        var since = _clock.GetTimestamp();

        _clock.Fails = true;
        timer.Set(TimeSpan.FromSeconds(10), since);
        Advance(TimeSpan.FromSeconds(10));

        await looked.Task.WaitAsync(Deadline.Token());
    }

    private void Advance(TimeSpan time) => _clock.Advance(time);

    private sealed class FaultyClock : FakeTimeProvider
    {
        public bool Fails { get; set; }

        public override long GetTimestamp() => Fails ? throw Failure() : base.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => Fails ? throw Failure() : base.GetUtcNow();

        private static InvalidOperationException Failure() => new("The clock stands still.");
    }
}
