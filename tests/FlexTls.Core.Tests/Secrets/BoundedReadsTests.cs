using FlexTls.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace FlexTls.Secrets;

/// <summary>What the file system does not answer holds up nobody for long, and costs one thread.</summary>
public sealed class BoundedReadsTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualResetEventSlim _answers = new();
    private readonly BoundedReads _reads;
    private int _asked;

    public BoundedReadsTests() => _reads = new BoundedReads(_clock);

    public void Dispose() => _answers.Set();

    [Fact]
    public void Ask_GivesTheAnswer_OrWhatItThrows()
    {
        Assert.Equal(7, _reads.Ask("seven", "", () => 7));
        Assert.Throws<FileNotFoundException>(() => _reads.Ask<int>("none", "", () => throw new FileNotFoundException()));
        Assert.Throws<TimeoutException>(() => _reads.Ask<int>("late", "", () => throw new TimeoutException()));
        Assert.Equal(0, _reads.Hanging);
    }

    [Fact]
    public async Task Ask_WhatDoesNotAnswer_EndsAfterItsTime_AndIsNotAskedAgain()
    {
        await HangAsync("a");

        Assert.Throws<TimeoutException>(() => _reads.Ask("a", "", Hang));
        Assert.Equal((1, 1, 5), (_reads.Hanging, _asked, _reads.Ask("a", "", Hang, otherwise: 5)));
        Assert.Equal(7, _reads.Ask("b", "", () => 7));
    }

    [Fact]
    public async Task Ask_WhatAnswersTooLate_IsDisposed_AndMayBeAskedAgain()
    {
        var late = new Late();
        var asking = Task.Run(() => _reads.Ask("a", "", () =>
        {
            Hang();
            return late;
        }));
        await EndAsync(asking, asked: 1);

        _answers.Set();

        await late.Disposed.Task.WaitAsync(Deadline.Token());
        SpinWait.SpinUntil(() => _reads.Hanging == 0, TimeSpan.FromSeconds(30));
        Assert.Equal(7, _reads.Ask("a", "", () => 7));
    }

    [Fact]
    public async Task Ask_WhenTooMuchHangs_IsRefusedAtOnce()
    {
        for (var i = 0; i < 64; i++)
        {
            await HangAsync($"{i}");
        }

        Assert.Throws<TimeoutException>(() => _reads.Ask("another", "", () => 7));
        Assert.Equal((64, 64), (_reads.Hanging, _asked));
    }

    [Fact]
    public async Task Ask_WhereAFolderHangs_CostsOneMoreThread_AndOthersAnswer()
    {
        var folders = Directory.CreateTempSubdirectory();
        var (hung, good) = (folders.CreateSubdirectory("hung").FullName, folders.CreateSubdirectory("good").FullName);
        var reads = new BoundedReads(_clock) { Asking = question => _ = question.Contains(hung, StringComparison.Ordinal) ? Hang() : 0 };
        await EndAsync(Task.Run(() => reads.Ask($"read {hung}/0", hung, () => 0)), asked: 1);
        await EndAsync(Task.Run(() => reads.Ask($"read {hung}/1", hung, () => 0)), asked: 2);

        for (var i = 0; i < 100; i++)
        {
            Assert.Throws<TimeoutException>(() => reads.Ask($"read {hung}/{i}", hung, () => 0));
        }

        Assert.Equal((2, 2, 7), (reads.Hanging, _asked, reads.Ask($"read {good}/a", good, () => 7)));
        _answers.Set();
        SpinWait.SpinUntil(() => reads.Hanging == 0, TimeSpan.FromSeconds(30));
        Assert.Equal(7, reads.Ask($"read {hung}/0", hung, () => 7));
        folders.Delete(recursive: true);
    }

    [Fact]
    public async Task Ask_WhereOneFileHangs_AndItsFolderAnswers_AsksForTheOthers()
    {
        var folder = Directory.CreateTempSubdirectory();
        await EndAsync(Task.Run(() => _reads.Ask("hung", folder.FullName, Hang)), asked: 1);

        Assert.Equal(7, _reads.Ask("good", folder.FullName, () => 7));
        folder.Delete();
    }

    [Fact]
    public async Task Ask_WhileTheClockJumps_WaitsOn()
    {
        var asking = Task.Run(() => _reads.Ask("a", "", Hang));
        await UntilAskedAsync(1);
        for (var i = 1; i < BoundedReads.Patience; i++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
        }

        _answers.Set();

        Assert.Equal(0, await asking);
    }

    [Fact]
    public void Ask_OneAfterTheOther_TakesFewThreads()
    {
        var threads = Enumerable.Range(0, 200).Select(_ => _reads.Ask("who", "", () => Environment.CurrentManagedThreadId)).Distinct().Count();

        Assert.InRange(threads, 1, 50);
    }

    private int Hang()
    {
        Interlocked.Increment(ref _asked);
        _answers.Wait();
        return 0;
    }

    private Task HangAsync(string question)
    {
        var asked = _asked + 1;
        return EndAsync(Task.Run(() => _reads.Ask(question, "", Hang)), asked);
    }

    private async Task UntilAskedAsync(int times)
    {
        var ct = Deadline.Token();
        while (Volatile.Read(ref _asked) < times)
        {
            await Task.Yield();
            ct.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Lets time go by until the asking is over; before, somebody must have begun to answer.</summary>
    private async Task EndAsync(Task asking, int asked)
    {
        await UntilAskedAsync(asked);
        var ct = Deadline.Token();
        while (!asking.IsCompleted)
        {
            _clock.Advance(BoundedReads.Piece);
            await Task.Yield();
            ct.ThrowIfCancellationRequested();
        }

        await Assert.ThrowsAsync<TimeoutException>(() => asking);
    }

    private sealed class Late : IDisposable
    {
        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => Disposed.TrySetResult();
    }
}
