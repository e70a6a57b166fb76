using FlexTls.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Watching;

/// <summary>What is told, when, and how often.</summary>
public sealed class ChangeDetectorTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AnItemThatCannotBeRead_IsAChangeOfThatItem_AndStopsNoOther()
    {
        await using var host = new DetectorHost();
        var (content, isBroken) = ("1", false);
        var broken = new WatchedItem(
            "broken", null,
            () => Volatile.Read(ref isBroken) ? throw new InvalidOperationException() : Versions.Of("1"),
            Versions.Of("1"));
        var other = new TestItem("other", null, () => Volatile.Read(ref content));
        await host.WatchAsync([broken, other.Now()]);

        Volatile.Write(ref isBroken, true);
        host.Detector.Touch("broken");
        Assert.Equal(
            ContentVersion.Unreadable("InvalidOperationException"), (await host.NextAsync()).Settled["broken"]);

        Volatile.Write(ref content, "2");
        host.Detector.Touch("other");
        Assert.Equal(Versions.Of("2"), (await host.NextAsync()).Settled["other"]);
    }

    [Fact]
    public async Task Watch_AContentThatIsNotTheKnownOne_IsTold()
    {
        await using var host = new DetectorHost();

        await host.WatchAsync([new TestItem("a", null, () => "new").Knowing("old"), new TestItem("b", null, () => "same").Knowing("same")]);

        Assert.Equal(
            new Dictionary<string, string> { ["a"] = "new" }, Versions.TextsOf((await host.NextAsync()).Settled));
    }

    [Fact]
    public async Task Touch_TellsOfWhatHasNoPath()
    {
        await using var host = new DetectorHost();
        var content = "old";
        await host.WatchAsync(new TestItem("settings", null, () => Volatile.Read(ref content)));

        Volatile.Write(ref content, "new");
        host.Detector.Touch("unknown");
        host.Detector.Touch("settings");

        Assert.Equal(Versions.Of("new"), (await host.NextAsync()).Settled["settings"]);
    }

    [Fact]
    public async Task Watch_Again_TellsARefusedContentOnce_AndItsEnd()
    {
        await using var host = new DetectorHost();
        var content = "bad";
        var item = new TestItem("a", null, () => Volatile.Read(ref content));
        await host.WatchAsync([item.Knowing("old")]);
        Assert.Equal(Versions.Of("bad"), (await host.NextAsync()).Settled["a"]);

        // The content in force is still the old one; another item shows that the time in which it would be told has passed.
        await host.WatchAsync([item.Knowing("old"), new TestItem("b", null, () => "new").Knowing("old")]);
        Assert.Equal(["b"], (await host.NextAsync()).Settled.Keys);

        Volatile.Write(ref content, "old");
        host.Detector.Touch("a");
        Assert.Equal(Versions.Of("old"), (await host.NextAsync()).Settled["a"]);
    }

    [Fact]
    public async Task Watch_Again_WithAnotherContentInForce_TellsOfAnyOther()
    {
        await using var host = new DetectorHost();
        var item = new TestItem("a", null, () => "1");
        await host.WatchAsync([item.Knowing("0")]);
        Assert.Equal(Versions.Of("1"), (await host.NextAsync()).Settled["a"]);

        await host.WatchAsync([item.Knowing("2")]);

        Assert.Equal(Versions.Of("1"), (await host.NextAsync()).Settled["a"]);
    }

    [Fact]
    public async Task Watch_Again_WithOneOfManyChanged_ReadsThatOneAlone()
    {
        await using var host = new DetectorHost();
        var content = "1";
        var (changed, same) = (new TestItem("changed", null, () => Volatile.Read(ref content)), new TestItem("same", null, () => "1"));
        await host.WatchAsync([same.Now(), changed.Now()]);
        var reads = same.Reads;
        Volatile.Write(ref content, "2");
        host.Detector.Touch("changed");
        Assert.Equal(Versions.Of("2"), (await host.NextAsync()).Settled["changed"]);

        // The last of the first call is watched no more, so this is another set; the one after it is not.
        host.Detector.Watch([same.Knowing("1"), changed.Knowing("2")]);
        host.Detector.Watch([same.Knowing("1"), changed.Knowing("0")]);
        Assert.Equal(Versions.Of("2"), (await host.NextAsync()).Settled["changed"]);

        // Once by this test, when it asked what there is, and once when the set was another.
        Assert.Equal(reads + 1, same.Reads);
    }

    [Fact]
    public async Task Watch_Again_KeepsWhatIsSettling_AndForgetsWhatIsNotWatched()
    {
        var clock = new FakeTimeProvider();
        await using var host = new DetectorHost(clock);
        var (kept, dropped) = (new TestItem("kept", null, () => "new"), new TestItem("dropped", null, () => "new"));
        await host.WatchAsync([dropped.Knowing("old"), kept.Knowing("old")]);
        clock.Advance(TimeSpan.FromMilliseconds(300));

        await host.WatchAsync([kept.Knowing("old")]);
        clock.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal(["kept"], (await host.NextAsync()).Settled.Keys);
        Assert.Equal(2, dropped.Reads);
    }

    [Fact]
    public async Task Ask_ReportsWhatIsChanging_EvenIfNothingHasSettled()
    {
        var clock = new FakeTimeProvider();
        await using var host = new DetectorHost(clock);
        var (changing, same) = (new TestItem("changing", null, () => "new"), new TestItem("same", null, () => "1"));
        await host.WatchAsync([changing.Knowing("old"), same.Now()]);

        host.Detector.Ask();
        var answer = await host.NextAsync();

        Assert.Empty(answer.Settled);
        Assert.Equal(["changing"], answer.StillSettling);
    }

    [Fact]
    public async Task Changed_NeverRunsTwiceAtOnce_AndIsToldTheRestTogether()
    {
        var (running, most) = (0, 0);
        var release = new SemaphoreSlim(0);
        await using var host = new DetectorHost(changed: async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await release.WaitAsync(Deadline.Token());
            Interlocked.Decrement(ref running);
        });
        await host.WatchAsync([Item("a", () => "new").Knowing("old")]);
        Assert.Equal(["a"], (await host.NextAsync()).Settled.Keys);

        var (b, c) = (Item("b", () => "new"), Item("c", () => "new"));
        host.Detector.Watch([b.Knowing("old"), c.Knowing("old")]);

        // Compared, touched, settled: the third read is the last.
        for (var i = 0; i < 3; i++)
        {
            await b.NextReadAsync();
            await c.NextReadAsync();
        }

        release.Release(2);

        Assert.Equal(["b", "c"], (await host.NextAsync()).Settled.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Changed_ThatThrows_IsLogged_AndToldAgainAtThePoll()
    {
        var calls = 0;
        await using var host = new DetectorHost(poll: Soon, changed: _ => calls++ == 0 ? throw new InvalidOperationException("the first call") : Task.CompletedTask);
        await host.WatchAsync([Item("a", () => "new").Knowing("old")]);

        Assert.Equal(Versions.Of("new"), (await host.NextAsync()).Settled["a"]);
        Assert.Equal(Versions.Of("new"), (await host.NextAsync()).Settled["a"]);
        Assert.Equal(LogLevel.Error, Assert.Single(host.Log.Lines).Level);
    }

    [Fact]
    public async Task AFingerprintThatThrows_DoesNotEndTheWatching()
    {
        await using var host = new DetectorHost(poll: Soon);
        var calls = 0;
        await host.WatchAsync([Item("a", () => calls++ == 1 ? throw new InvalidOperationException() : "new").Knowing("old")]);

        Assert.Equal(Versions.Of("new"), (await host.NextAsync()).Settled["a"]);
    }

    [Fact]
    public async Task Dispose_EndsIt()
    {
        var clock = new FakeTimeProvider();
        _folder.Write("tls.crt", "new");
        var item = _folder.FileItem("tls.crt");
        var host = new DetectorHost(clock);
        await host.WatchAsync([item.Knowing("old")]);

        await host.DisposeAsync();
        var reads = item.Reads;
        _folder.Write("tls.crt", "newer");
        host.Detector.Touch("tls.crt");
        clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(reads, item.Reads);
        Assert.Empty(host.Rest());
    }

    [Fact]
    public async Task AChangeOfOneFileOf3000_ReadsThatFileAlone()
    {
        var items = new List<TestItem>();
        for (var i = 0; i < 3000; i++)
        {
            _folder.Write($"{i % 30}/{i}.crt", "old");
            items.Add(_folder.FileItem($"{i % 30}/{i}.crt"));
        }

        _folder.Write("policy.yaml", "1");
        await using var host = new DetectorHost();
        await host.WatchAsync([.. items, _folder.FileItem("policy.yaml")]);

        _folder.Write("17/2027.crt", "new");

        Assert.Equal(["17/2027.crt"], (await host.NextAsync()).Settled.Keys.Order(StringComparer.Ordinal));
        Assert.All(items.Where(item => item.Key != "17/2027.crt"), item => Assert.Equal(1, item.Reads));
    }

    private static TestItem Item(string key, Func<string> content) => new(key, null, content);
}
