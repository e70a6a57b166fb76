using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Watching;

/// <summary>When a content counts.</summary>
public sealed class SettlingChangesTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly FoundChanges _found = new();
    private readonly SettlingChanges _settling;
    private readonly List<string> _ended = [];
    private int _calls;

    public SettlingChangesTests() => _settling = new SettlingChanges(_clock, () =>
    {
        _calls++;
        _ended.AddRange(_settling!.Read(_found).Select(state => state.Item.Key));
    });

    public ValueTask DisposeAsync() => _settling.DisposeAsync();

    [Fact]
    public void TwoEqualReads_AQuietPeriodApart_AreToldOnce()
    {
        _settling.Touch(Item("a", known: "old", () => "new"));

        Advance(499);
        Assert.Null(Take());
        Advance(1);
        Assert.Equal([("a", "new")], Settled());
        Advance(60_000);
        Assert.Null(Take());
    }

    [Fact]
    public void TheKnownContent_IsNotTold()
    {
        _settling.Touch(Item("a", known: "same", () => "same"));

        Advance(500);

        Assert.Null(Take());
        Assert.Equal(["a"], _ended);
    }

    [Fact]
    public void AChangeThatIsTakenBack_IsNotTold()
    {
        var content = "new";
        _settling.Touch(Item("a", known: "old", () => content));

        Advance(200);
        content = "old";
        Advance(800);

        Assert.Null(Take());
        Assert.Equal(["a"], _ended);
    }

    [Fact]
    public void AContent_IsToldOnce_AndTheOneBeforeAgainWhenItComesBack()
    {
        var content = "new";
        var item = Item("a", known: "old", () => content);

        _settling.Touch(item);
        Advance(500);
        Assert.Equal([("a", "new")], Settled());
        _settling.Touch(item);
        Advance(500);
        Assert.Null(Take());
        content = "old";
        _settling.Touch(item);
        Advance(500);
        Assert.Equal([("a", "old")], Settled());
    }

    [Fact]
    public void AGrowingContent_IsUnstableAfterTwoSeconds_Once_AndSettlesLater()
    {
        var (length, grows) = (0, true);
        _settling.Touch(Item("a", known: "0", () => $"{(grows ? ++length : length)}"));

        Advance(1999);
        Assert.Null(Take());
        Advance(1);
        var changes = Take()!;
        Assert.Equal(["a"], changes.Unstable);
        Assert.Equal(["a"], changes.StillSettling);
        Assert.Empty(changes.Settled);
        Advance(60_000);
        Assert.Null(Take());
        grows = false;
        Advance(500);
        Assert.Equal("a", Assert.Single(Settled()).Key);
        Assert.Empty(_settling.Keys);
    }

    [Fact]
    public void AnUnstableItem_IsToldWhenItSettles_AlsoOnTheKnownContent()
    {
        var (length, grows) = (0, true);
        _settling.Touch(Item("a", known: "old", () => grows ? $"{length++}" : "old"));
        Advance(2000);
        Assert.Equal(["a"], Take()!.Unstable);

        grows = false;
        Advance(1000);

        Assert.Equal([("a", "old")], Settled());
    }

    [Fact]
    public void TwoItems_ThatChange300MsApart_AreToldApart_AndTheFirstSaysSo()
    {
        _settling.Touch(Item("a", known: "old", () => "new"));
        Advance(300);
        _settling.Touch(Item("b", known: "old", () => "new"));

        Advance(200);
        var first = Take()!;
        Advance(300);
        var second = Take()!;

        Assert.Equal(["a"], first.Settled.Keys);
        Assert.Equal(["b"], first.StillSettling);
        Assert.Equal(["b"], second.Settled.Keys);
        Assert.Empty(second.StillSettling);
    }

    [Fact]
    public void AnItemThatIsTouchedWithoutAChange_IsNotWaitedFor()
    {
        _settling.Touch(Item("a", known: "old", () => "new"));
        Advance(300);
        _settling.Touch(Item("b", known: "same", () => "same"));

        Advance(200);
        var changes = Take()!;
        _settling.Await();
        Advance(300);

        Assert.Equal(["a"], changes.Settled.Keys);
        Assert.Empty(changes.StillSettling);
        Assert.Null(Take());
    }

    [Fact]
    public void MoreSignsOfAChange_DoNotPutItOff()
    {
        var item = Item("a", known: "old", () => "new");
        for (var i = 0; i < 10; i++)
        {
            _settling.Touch(item);
            Advance(50);
        }

        Assert.Equal([("a", "new")], Settled());
    }

    [Fact]
    public void TheTimer_RunsOnlyWhileSomethingSettles()
    {
        Advance(60_000);
        Assert.Equal(0, _calls);

        _settling.Touch(Item("a", known: "old", () => "new"));
        Advance(60_000);

        Assert.Equal(1, _calls);
    }

    [Fact]
    public void ARemovedItem_IsReadNoMore()
    {
        var reads = 0;
        _settling.Touch(Item("a", known: "old", () => $"{reads++}"));

        _settling.Remove("a");
        Advance(60_000);

        Assert.Equal(1, reads);
        Assert.Null(Take());
    }

    private static ItemState Item(string key, string known, Func<string> content) =>
        new(new WatchedItem(key, null, () => Versions.Of(content()), Versions.Of(known)));

    /// <summary>In small steps: a timer that is set anew sees the time at which it went off.</summary>
    private void Advance(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    private ChangeSet? Take() => _found.Take(_settling.Keys, isAsked: false);

    private IEnumerable<(string Key, string Content)> Settled() =>
        Take()!.Settled.Select(settled => (settled.Key, Versions.TextOf(settled.Value)));
}
