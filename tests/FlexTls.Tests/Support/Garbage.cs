namespace FlexTls.Support;

/// <summary>What nothing holds any more is collected, sooner or later: a thread may still be leaving it.</summary>
internal static class Garbage
{
    /// <summary>Waits until an object is collected.</summary>
    public static Task CollectedAsync(WeakReference reference) => Deadline.UntilAsync(() =>
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return !reference.IsAlive;
    });
}
