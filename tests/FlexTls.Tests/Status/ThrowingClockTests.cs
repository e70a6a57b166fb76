using FlexTls.Support;
using FlexTls.Upstreams;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Status;

/// <summary>A clock that throws ends no process: timers have nobody who would catch that.</summary>
public class ThrowingClockTests
{
    [Fact]
    public void LookingAtCertificates_GoesOnWithTheNextHour()
    {
        var (clock, log) = (new Clock(), new RecordingLogger());
        var generation = new UpstreamGeneration(
            1, new TlsContextFactory().CreateGeneration(OutboundTlsPolicy.Default, "orders"), clock.GetUtcNow());
        using var expiry = new UpstreamExpiry("orders", clock, new ExpiryThresholds([]), log);
        expiry.Adopt(generation);

        clock.Throws = true;
        clock.Advance(TimeSpan.FromHours(1));
        clock.Throws = false;
        clock.Advance(TimeSpan.FromHours(1));

        Assert.Single(log.Lines, line => line.Text.Contains("Checking the certificates", StringComparison.Ordinal));
    }

    private sealed class Clock() : FakeTimeProvider(DateTimeOffset.UtcNow)
    {
        public bool Throws { get; set; }

        public override DateTimeOffset GetUtcNow() =>
            Throws ? throw new InvalidOperationException("The clock stands still.") : base.GetUtcNow();
    }
}
