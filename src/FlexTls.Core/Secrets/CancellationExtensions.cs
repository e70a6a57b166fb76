namespace FlexTls;

/// <summary>Cancels sources with callbacks that may be the user's.</summary>
internal static class CancellationExtensions
{
    /// <summary>
    /// Cancels without waiting for the registered callbacks, which may hang or throw. When this returns, the source
    /// already reports that it is canceled.
    /// </summary>
    public static void CancelInBackground(this CancellationTokenSource source) => source.CancelAsync().ContinueWith(
        static canceled => _ = canceled.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}
