namespace FlexTls.Http;

/// <summary>A refusal that came after the handshake, found in what the pool made of it.</summary>
internal static class LateRefusal
{
    /// <summary>
    /// The refusal; <see langword="null"/> if there is none, or it stands where all other handshake failures stand.
    /// </summary>
    public static TlsHandshakeException? In(HttpRequestException exception)
    {
        if (exception.InnerException is TlsHandshakeException)
        {
            return null;
        }

        for (var inner = exception.InnerException?.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is TlsHandshakeException refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    public static HttpRequestException InTheShapeOfOthers(TlsHandshakeException refusal) =>
        new(HttpRequestError.SecureConnectionError, refusal.Message, refusal);
}
