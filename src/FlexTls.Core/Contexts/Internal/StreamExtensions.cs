namespace FlexTls.Contexts;

/// <summary>Closes streams, whose transports may be the user's.</summary>
internal static class StreamExtensions
{
    /// <summary>
    /// Closes a stream without waiting: a transport may hang when it is closed, or throw.
    /// </summary>
    public static void CloseInBackground(this Stream stream) => ThreadPool.UnsafeQueueUserWorkItem(
        static stream =>
        {
            try
            {
                stream.Dispose();
            }
            catch (Exception)
            {
                // Nobody waits for it.
            }
        },
        stream,
        preferLocal: false);

    /// <summary>Closes a stream; a failure to close must not hide the reason for closing.</summary>
    public static async ValueTask CloseAsync(this Stream stream)
    {
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The caller gets the reason for closing.
        }
    }
}
