using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Watching;

/// <summary>Who is told of a change is told, too, what else is changing, and may wait for that.</summary>
public class StillSettlingTests
{
    [Fact]
    public async Task Settled_WithAnotherStillSettling_TellsOfThatToo_EvenIfItSettlesOnWhatItWas()
    {
        var clock = new FakeTimeProvider();
        await using var host = new DetectorHost(clock);
        var contents = new[] { "1", "1" };
        var first = new TestItem("first", null, () => Volatile.Read(ref contents[0]));
        var second = new TestItem("second", null, () => Volatile.Read(ref contents[1]));
        var probes = new Queue<TestItem>(Enumerable.Range(1, 3).Select(i => new TestItem($"probe {i}", null, () => "")));
        await host.WatchAsync([first.Now(), second.Now(), .. probes.Select(probe => probe.Now())]);
        var reads = second.Reads;

        Volatile.Write(ref contents[0], "2");
        host.Detector.Touch("first");
        await DoneAsync();
        clock.Advance(TimeSpan.FromMilliseconds(300));
        Volatile.Write(ref contents[1], "2");
        host.Detector.Touch("second");
        await DoneAsync();
        clock.Advance(TimeSpan.FromMilliseconds(200));
        var changes = await host.NextAsync();
        Assert.Equal(Versions.Of("2"), changes.Settled["first"]);
        Assert.Contains("second", changes.StillSettling);

        Volatile.Write(ref contents[1], "1");
        clock.Advance(TimeSpan.FromMilliseconds(300));
        await second.UntilReadsAsync(reads + 2);
        await DoneAsync();
        clock.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(Versions.Of("1"), (await host.NextAsync()).Settled["second"]);

        // The detector does one thing after the other: when it reads a probe, all before it is done.
        Task DoneAsync()
        {
            var probe = probes.Dequeue();
            host.Detector.Touch(probe.Key);
            return probe.UntilReadsAsync(2);
        }
    }
}
