namespace FlexTls;

/// <summary>WebSockets over HTTP/2 (RFC 8441), whose senders may try HTTP/1.1 next.</summary>
internal static class ExtendedConnect
{
    /// <summary>
    /// Tells a sender that may lower the version, such as a <c>ClientWebSocket</c> or YARP, to try HTTP/1.1. The
    /// platform's pool says it in the same way.
    /// </summary>
    public static void SuggestHttp11(HttpRequestException failure) => failure.Data["HTTP2_ENABLED"] = false;

    /// <summary>Awaits a WebSocket request whose server may turn out not to speak HTTP/2.</summary>
    public static async Task<HttpResponseMessage> WatchAsync(Task<HttpResponseMessage> sent)
    {
        try
        {
            return await sent.ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (LateRefusal.In(e) is { } reason)
        {
            throw LateRefusal.InTheShapeOfOthers(reason);
        }
        catch (HttpRequestException e) when (e.InnerException is TlsHandshakeException)
        {
            // Only h2 was offered, and a server without it may have ended the handshake. Other failures simply repeat
            // over HTTP/1.1, under the same policy.
            SuggestHttp11(e);
            throw;
        }
    }
}
