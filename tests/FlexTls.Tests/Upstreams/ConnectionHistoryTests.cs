using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Upstreams;

/// <summary>What became of an upstream's connections, bounded whatever happens.</summary>
public class ConnectionHistoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly ConnectionHistory _history;

    public ConnectionHistoryTests() => _history = new ConnectionHistory(_clock);

    [Fact]
    public void LastHour_HasTheMinutesInWhichSomethingHappened()
    {
        _history.Succeeded("a.example", _history.Begin(), isAccepted: true);
        _history.Failed("FTLS5001", "refused", isOfUpstream: true);
        _clock.Advance(TimeSpan.FromMinutes(2));
        _history.Succeeded("a.example", _history.Begin(), isAccepted: true);

        Assert.Equal(
            [
                new UpstreamTlsMinute { At = Noon, Handshakes = 1, Failures = 1 },
                new UpstreamTlsMinute { At = Noon.AddMinutes(2), Handshakes = 1 },
            ],
            _history.LastHour);
    }

    [Fact]
    public void LastHour_IsNeverLonger()
    {
        for (var i = 0; i < 200; i++)
        {
            _history.Succeeded("a.example", _history.Begin(), isAccepted: true);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(_history.LastHour.Count, 59, 60);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_history.LastHour);
    }

    [Fact]
    public void LastHour_HasEachMinuteOnce_InOrder_WhereTheClockIsSetBack()
    {
        var clock = new SteppingClock { Now = Noon };
        var history = new ConnectionHistory(clock);
        foreach (var minute in (int[])[0, 5, 0, 5])
        {
            clock.Now = Noon.AddMinutes(minute);
            history.Succeeded("a.example", history.Begin(), isAccepted: true);
        }

        Assert.Equal([(Noon, 2), (Noon.AddMinutes(5), 2)], history.LastHour.Select(one => (one.At, one.Handshakes)));
    }

    [Fact]
    public void Failures_AreCountedByCode_TheLatestFirst_AndAreBounded()
    {
        for (var i = 0; i < 30; i++)
        {
            _history.Failed($"FTLS6{i:000}", "first", isOfUpstream: true);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _history.Failed("FTLS6020", "again", isOfUpstream: true);

        Assert.Equal(20, _history.Failures.Count);
        var latest = _history.Failures[0];
        Assert.Equal(("FTLS6020", 2, "again"), (latest.Code, latest.Count, latest.Message));
        Assert.Equal((Noon.AddSeconds(20), Noon.AddSeconds(30)), (latest.FirstAt, latest.LastAt));
    }

    [Fact]
    public void Hosts_AreBounded()
    {
        for (var i = 0; i < 30; i++)
        {
            _history.Succeeded($"{i}.example", _history.Begin(), isAccepted: true);
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}.example"), _history.Hosts.Names);
        Assert.True(_history.Hosts.HasMore);
    }

    private sealed class SteppingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
