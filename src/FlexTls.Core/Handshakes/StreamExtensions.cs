namespace FlexTls;

/// <summary>Closes streams, whose transports may be the user's.</summary>
internal static class StreamExtensions
{
    /// <summary>
    /// Closes a stream without waiting: a transport may hang when it is closed, or throw.
    /// </summary>
    public static void CloseInBackground(this Stream stream) => ThreadPool.UnsafeQueueUserWorkItem(
        static async stream =>
        {
            try
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Nothing waits for it.
            }
        },
        stream,
        preferLocal: false);

    /// <summary>
    /// Closes a stream, and waits for that only as long as the caller does. A failure to close must not hide the reason
    /// for closing.
    /// </summary>
    public static async Task CloseAsync(this Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => stream.DisposeAsync().AsTask(), CancellationToken.None).WaitAsync(cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The caller gets the reason for closing.
        }
    }
}
