using FlexTls.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Secrets;

/// <summary>The user's code gets a time limit, and nothing that it throws goes further.</summary>
public class BoundedCallsTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly BoundedCalls _calls;

    public BoundedCallsTests() => _calls = new BoundedCalls(_clock);

    [Fact]
    public void Ask_GivesTheAnswer() =>
        Assert.Equal((7, null, false), _calls.Ask("seven", _ => ValueTask.FromResult(7)));

    [Fact]
    public void Ask_WhatThrows_GivesTheKindOfException_WithoutItsMessage()
    {
        Assert.Equal("failed (TimeoutException)", Problem(_ => throw new TimeoutException("a secret")));
        Assert.Equal(
            "failed (InvalidOperationException)",
            Problem(_ => ValueTask.FromException<int>(new InvalidOperationException("a secret"))));

        string? Problem(Func<CancellationToken, ValueTask<int>> call) => _calls.Ask("failing", call).Problem;
    }

    [Theory]
    [InlineData(BoundedCalls.Patience)]
    [InlineData(10)]
    public async Task Ask_WhatHangs_IsCanceledWhenItsTimeIsOver(int patience)
    {
        var canceled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asking = Task.Run(() => _calls.Ask("hanging", Hang, patience));

        Assert.InRange(await PiecesAsync(asking), patience, int.MaxValue);

        Assert.Equal((0, $"does not answer within {patience} s", true), await asking);
        await canceled.Task.WaitAsync(Deadline.Token());

        async ValueTask<int> Hang(CancellationToken limit)
        {
            using var registration = limit.Register(canceled.SetResult);
            await canceled.Task;
            return 0;
        }
    }

    [Fact]
    public async Task Ask_WhatIsExcused_GetsMoreTime_ButNotForever()
    {
        using var answers = new ManualResetEventSlim();
        var asking = Task.Run(() => _calls.Ask("reading", _ => ValueTask.FromResult(Hang()), 1, () => true));

        Assert.InRange(await PiecesAsync(asking), 300, int.MaxValue);

        Assert.True((await asking).IsLate);
        answers.Set();

        int Hang()
        {
            answers.Wait();
            return 0;
        }
    }

    /// <summary>Lets time go by until the asking is over, and says how many pieces of it went by at least.</summary>
    private async Task<int> PiecesAsync(Task asking)
    {
        var pieces = 0;
        for (var ct = Deadline.Token(); !asking.IsCompleted; pieces++)
        {
            _clock.Advance(BoundedReads.Piece);
            await Task.Yield();
            ct.ThrowIfCancellationRequested();
        }

        return pieces;
    }
}
