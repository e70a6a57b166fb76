namespace FlexTls.Handshakes;

/// <summary>Cancels what may be the user's.</summary>
internal static class CancellationExtensions
{
    /// <summary>
    /// Cancels without waiting for what was registered, which may hang or throw. From the return of this on, the source
    /// is canceled for whoever asks.
    /// </summary>
    public static void CancelInBackground(this CancellationTokenSource source) => source.CancelAsync().ContinueWith(
        static canceled => _ = canceled.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}
