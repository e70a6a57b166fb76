namespace FlexTls.Contexts;

/// <summary>Ends a stream whose handshake failed.</summary>
internal static class StreamExtensions
{
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
