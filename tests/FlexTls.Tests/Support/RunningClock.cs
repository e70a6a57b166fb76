using Microsoft.Extensions.Time.Testing;

namespace FlexTls.Support;

/// <summary>
/// A clock that runs by itself, ten times as fast as others, so that files settle, and that a test moves on by hours. Tests
/// compare hours with it, and never minutes.
/// </summary>
internal sealed class RunningClock : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _tick = new();
    private readonly Task _running;

    public RunningClock() => _running = Task.Run(RunAsync);

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public void Advance(TimeSpan time) => Time.Advance(time);

    /// <summary>Writes while the clock stands still: nothing settles on half of what is written, however slow the machine is.</summary>
    public void Hold(Action write)
    {
        lock (_tick)
        {
            write();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!_end.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            Hold(() => Time.Advance(TimeSpan.FromMilliseconds(100)));
        }
    }
}
