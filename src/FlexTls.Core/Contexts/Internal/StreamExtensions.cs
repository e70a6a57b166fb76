namespace FlexTls.Contexts;

/// <summary>Ends a stream whose handshake failed.</summary>
internal static class StreamExtensions
{
    /// <summary>Closes the stream. One that cannot be closed must not hide why it is.</summary>
    public static async ValueTask CloseAsync(this Stream stream)
    {
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The reason is on its way to the caller.
        }
    }
}
