#pragma warning disable CA1001 // A semaphore without a wait handle owns nothing to dispose.
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>
/// A dedicated thread for work that may never return, so that the thread pool does not lose one. Threads are reused,
/// because starting one costs more than reading a file.
/// </summary>
internal sealed class ReadingThread
{
    private const int MostIdle = 2;

    private static readonly ConcurrentStack<ReadingThread> Idle = new();
    private readonly SemaphoreSlim _given = new(1);
    private volatile Func<Action>? _work;

    private ReadingThread(Func<Action> work) => _work = work;

    /// <summary>Runs work, which must not throw.</summary>
    /// <param name="work">
    /// May never end. The action that it returns runs at once, when the thread can already take other work.
    /// </param>
    public static void Start(Func<Action> work)
    {
        if (Idle.TryPop(out var idle))
        {
            idle._work = work;
            idle._given.Release();
            return;
        }

        // Unsafe: the thread must not capture the caller's execution context.
        new Thread(new ReadingThread(work).Run) { IsBackground = true, Name = "FlexTls files" }.UnsafeStart();
    }

    private void Run()
    {
        do
        {
            _given.Wait();
        }
        while (DoWork());
    }

    /// <summary>
    /// Does the work that was given. A method of its own, so that a thread that waits keeps nothing of it alive: it may
    /// have read a private key.
    /// </summary>
    /// <returns>Whether the thread waits for more.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool DoWork()
    {
        var tell = _work!();
        _work = null;
        var goesOn = Idle.Count < MostIdle;
        if (goesOn)
        {
            Idle.Push(this);
        }

        // Last, so that a caller whose next question follows this answer finds the thread idle.
        tell();
        return goesOn;
    }
}
