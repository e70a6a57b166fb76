#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing that must be freed.
using System.Collections.Concurrent;

namespace FlexTls.Policies;

/// <summary>
/// A thread of our own for work that may never come back: one of the pool's would be missed by everybody. Threads are used
/// again, because making one costs more than reading a file.
/// </summary>
internal sealed class ReadingThread
{
    private const int MostIdle = 2;

    private static readonly ConcurrentStack<ReadingThread> Idle = new();
    private readonly SemaphoreSlim _given = new(1);
    private volatile Func<Action>? _work;

    private ReadingThread(Func<Action> work) => _work = work;

    /// <summary>Does work that does not throw.</summary>
    /// <param name="work">May never end. What it returns is done at once, when the thread can be given other work already.</param>
    public static void Start(Func<Action> work)
    {
        if (Idle.TryPop(out var idle))
        {
            idle._work = work;
            idle._given.Release();
            return;
        }

        // Nothing of whoever asks is kept.
        new Thread(new ReadingThread(work).Run) { IsBackground = true, Name = "FlexTls files" }.UnsafeStart();
    }

    private void Run()
    {
        bool goesOn;
        do
        {
            _given.Wait();
            var tell = _work!();
            _work = null;
            goesOn = Idle.Count < MostIdle;
            if (goesOn)
            {
                Idle.Push(this);
            }

            // Last: who asks the next question when this one is answered finds the thread idle.
            tell();
        }
        while (goesOn);
    }
}
