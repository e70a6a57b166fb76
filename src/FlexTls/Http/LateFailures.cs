namespace FlexTls;

/// <summary>Explains why a connection failed after its handshake, before any answer.</summary>
/// <param name="failures">Makes the exceptions.</param>
/// <param name="host">The host.</param>
/// <param name="isHttp2">Whether the connection has HTTP/2.</param>
/// <param name="mayHaveAsked">Whether the server asked for a client certificate, or may have.</param>
/// <param name="observer">Is told of each refusal; may be <see langword="null"/>.</param>
internal sealed class LateFailures(
    HandshakeFailures failures, string host, bool isHttp2, bool mayHaveAsked, IAnswerObserver? observer)
{
    private bool _isReported;

    /// <summary>Whether the connection has HTTP/2, in which the server speaks first.</summary>
    public bool IsHttp2 => isHttp2;

    /// <summary>
    /// The exception for the pool; <see langword="null"/>: there is no refusal, or the pool finds the end and may send
    /// the request again.
    /// </summary>
    /// <param name="failure">The transport's exception; <see langword="null"/>: the stream has ended.</param>
    public HttpIOException? Explain(IOException? failure)
    {
        if (failures.TranslateLate(host, failure) is { } refusal)
        {
            return Refused(refusal);
        }

        // A server that asked for a certificate has no better reason to close a connection without an answer.
        if (!mayHaveAsked)
        {
            return null;
        }

        var closed = failures.ClosedBeforeAnswer(host, failure);
        if (failure is not null || isHttp2)
        {
            return Refused(closed);
        }

        // The pool sends a request again that finds only the end, never one that finds an exception.
        if (!_isReported)
        {
            _isReported = true;
            observer?.ClosedUnanswered(closed);
        }

        return null;
    }

    /// <summary>The exception for a server that asks for renegotiation, which it may do at any time.</summary>
    public HttpIOException RenegotiationWanted(IOException failure) =>
        Refused(failures.RenegotiationWanted(host, failure));

    private HttpIOException Refused(TlsHandshakeException refusal)
    {
        observer?.Refused(refusal);
        return InWordsOfPool(refusal);
    }

    private static HttpIOException InWordsOfPool(TlsHandshakeException refusal) =>
        new(HttpRequestError.SecureConnectionError, refusal.Message, refusal);
}
