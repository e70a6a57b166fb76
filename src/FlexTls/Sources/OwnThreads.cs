using System.Runtime.ExceptionServices;

namespace FlexTls;

/// <summary>
/// Does work side by side without the thread pool. The first use of the policies loads them: if that is many requests
/// at once, every thread of the pool may be waiting for the load.
/// </summary>
internal static class OwnThreads
{
    /// <summary>Does the work for each item, also on the calling thread, and waits for all of it.</summary>
    /// <exception cref="Exception">The first exception of the work; the rest of it was done.</exception>
    public static void ForEach<T>(IReadOnlyList<T> items, Action<T> work)
    {
        var (next, scope) = (-1, LoadScope.Current);
        ExceptionDispatchInfo? failure = null;
        var helpers = new Thread[Math.Clamp(items.Count, 1, Environment.ProcessorCount) - 1];
        for (var i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Thread(() => LoadScope.Run(scope, Run)) { IsBackground = true, Name = "FlexTls load" };
            helpers[i].UnsafeStart();
        }

        _ = Run();
        foreach (var helper in helpers)
        {
            helper.Join();
        }

        failure?.Throw();

        bool Run()
        {
            for (int index; (index = Interlocked.Increment(ref next)) < items.Count;)
            {
                try
                {
                    work(items[index]);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                }
            }

            return failure is null;
        }
    }
}
