using Microsoft.Extensions.Time.Testing;

namespace FlexTls.Support;

/// <summary>
/// A clock that runs by itself, ten times as fast as others, so that files settle, and that a test moves on by hours. Tests
/// compare hours with it, and never minutes.
/// </summary>
internal sealed class RunningClock : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public RunningClock() => _running = Task.Run(RunAsync);

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public void Advance(TimeSpan time) => Time.Advance(time);

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
            Time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
