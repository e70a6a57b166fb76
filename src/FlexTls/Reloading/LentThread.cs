namespace FlexTls;

/// <summary>
/// Gives the thread pool one more thread while one of its own waits for the first load, which may run code of the
/// program that needs the pool. Left to itself, the pool adds a thread or two a second: where many requests are the
/// first use at once, each of them would take the next request and wait too.
/// </summary>
internal readonly struct LentThread : IDisposable
{
    private static readonly Lock Adjusting = new();

    private readonly bool _isLent;

    private LentThread(bool isLent) => _isLent = isLent;

    public static LentThread Lend() => new(Thread.CurrentThread.IsThreadPoolThread && TryAdjust(1));

    public void Dispose()
    {
        if (_isLent)
        {
            TryAdjust(-1);
        }
    }

    /// <summary>The setting is the process's: others may have changed it meanwhile.</summary>
    private static bool TryAdjust(int by)
    {
        lock (Adjusting)
        {
            ThreadPool.GetMinThreads(out var workers, out var ports);
            return ThreadPool.SetMinThreads(workers + by, ports);
        }
    }
}
