namespace FlexTls;

/// <summary>Finds a refusal that came after the handshake in the exception that the pool made of it.</summary>
internal static class LateRefusal
{
    /// <summary>
    /// The refusal; <see langword="null"/> if there is none, or if it is already where all handshake failures are.
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
