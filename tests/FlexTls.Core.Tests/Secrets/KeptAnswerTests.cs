using FlexTls.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Secrets;

/// <summary>What code of the user's answered is kept until its token fires.</summary>
public sealed class KeptAnswerTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualResetEventSlim _answers = new(initialState: true);
    private readonly KeptAnswer<string> _kept;
    private volatile IChangeToken? _token;
    private volatile string _text = "first";
    private volatile bool _isAwaited;
    private int _asked;
    private int _renewed;

    public KeptAnswerTests() => _kept = new KeptAnswer<string>(
        Ask, ContentVersion.Of, text => text == "failed", () => Interlocked.Increment(ref _renewed), _clock,
        TaskScheduler.Default);

    public void Dispose() => _answers.Set();

    [Fact]
    public async Task AnAnswer_IsAskedForAgainInTheBackground_WhenItsTokenFires()
    {
        var token = new ConfigurationReloadToken();
        _token = token;
        Assert.Equal(("first", "first", 1, true), (_kept.Current(), _kept.Current(), _asked, _isAwaited));

        (_text, _token) = ("second", null);
        token.OnReload();
        await Deadline.UntilAsync(() => Volatile.Read(ref _renewed) == 1);

        Assert.Equal(("second", 2, false), (_kept.Current(), _asked, _isAwaited));
    }

    [Fact]
    public async Task AFailure_IsAskedForAgain_WithEachLook_AndOnlyThen()
    {
        _text = "failed";
        Assert.Equal(("failed", "failed", 1), (_kept.Current(), _kept.Current(), _asked));

        _text = "second";
        Assert.Equal(ContentVersion.Of("failed"), _kept.Look());
        await Deadline.UntilAsync(() => Volatile.Read(ref _renewed) == 1);

        Assert.Equal(ContentVersion.Of("second"), _kept.Look());
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task WhatIsForgotten_IsNotAnsweredByAQuestionFromBefore()
    {
        var token = new ConfigurationReloadToken();
        _token = token;
        Assert.Equal("first", _kept.Current());
        _answers.Reset();
        token.OnReload();
        await UntilAskedAsync(2);

        _kept.Forget();
        _text = "second";
        var asking = Task.Run(_kept.Current);
        _answers.Set();

        Assert.Equal("second", await asking);
        Assert.Equal(3, _asked);
    }

    [Fact]
    public async Task ATokenThatAlwaysFires_IsAskedForOnceASecond()
    {
        _token = new CancellationChangeToken(new CancellationToken(canceled: true));
        Assert.Equal("first", _kept.Current());
        await UntilAskedAsync(2);

        for (var asked = 3; asked < 6; asked++)
        {
            await UntilAskedAsync(asked, _clock);
        }

        // Each question but the first two has waited for its second.
        Assert.InRange(_clock.GetUtcNow() - _clock.Start, TimeSpan.FromSeconds(3), TimeSpan.MaxValue);
        _kept.End();
    }

    [Fact]
    public async Task WhatMustBeAsked_IsAskedForOnceAPoll_HoweverLongItTakes()
    {
        _token = new PolledToken();
        Assert.Equal("first", _kept.Current());
        _kept.Look();

        for (var poll = 2; poll < 5; poll++)
        {
            _kept.MarkDue();
            _text = $"answer {poll}";
            _kept.Look();
            await Deadline.UntilAsync(() => Volatile.Read(ref _renewed) == poll - 1);
            _clock.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(ContentVersion.Of(_text), _kept.Look());
            Assert.Equal(ContentVersion.Of(_text), _kept.Look());
            Assert.Equal(poll, _asked);
        }
    }

    [Fact]
    public void WhatHasEnded_IsAskedForNoMore()
    {
        var token = new ConfigurationReloadToken();
        _token = token;
        Assert.Equal("first", _kept.Current());

        _kept.End();
        token.OnReload();
        _text = "failed";
        _kept.Forget();
        Assert.Equal("failed", _kept.Current());
        _kept.Look();

        Assert.Equal((2, 0), (_asked, Volatile.Read(ref _renewed)));
    }

    /// <summary>It tells nobody when it changes.</summary>
    private sealed class PolledToken : IChangeToken
    {
        public bool HasChanged => false;

        public bool ActiveChangeCallbacks => false;

        public IDisposable RegisterChangeCallback(Action<object?> callback, object? state) => new MemoryStream();
    }

    private (string Answer, ChangeSignal? Change) Ask(bool isAwaited, Action fired)
    {
        var (text, token) = (_text, _token);
        _isAwaited = isAwaited;
        Interlocked.Increment(ref _asked);
        _answers.Wait();
        return (text, ChangeSignal.Of(token, fired));
    }

    private Task UntilAskedAsync(int times, FakeTimeProvider? clock = null) => Deadline.UntilAsync(() =>
    {
        clock?.Advance(TimeSpan.FromMilliseconds(100));
        return Volatile.Read(ref _asked) >= times;
    });
}
