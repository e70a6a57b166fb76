using Microsoft.Extensions.Time.Testing;

namespace FlexTls.Support;

/// <summary>A clock whose timers, once they are made, can neither be set nor be disposed of.</summary>
internal sealed class ThrowingTimers() : FakeTimeProvider(DateTimeOffset.UtcNow)
{
    private volatile bool _throws;

    public bool Throws { get => _throws; set => _throws = value; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(this, base.CreateTimer(callback, state, dueTime, period));

    private void Check()
    {
        if (_throws)
        {
            throw new InvalidOperationException("The timer is stuck.");
        }
    }

    private sealed class Timer(ThrowingTimers clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Check();
            return timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            clock.Check();
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
