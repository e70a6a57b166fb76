namespace FlexTls.Support;

/// <summary>What nothing holds any more is collected, sooner or later: a thread may still be leaving it.</summary>
internal static class Garbage
{
    /// <summary>Waits until an object is collected.</summary>
    public static async Task CollectedAsync(WeakReference reference)
    {
        for (var ct = Deadline.Token(); reference.IsAlive; ct.ThrowIfCancellationRequested())
        {
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
