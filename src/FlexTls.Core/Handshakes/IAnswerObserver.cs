namespace FlexTls;

/// <summary>Observes whether a server accepts the client after the handshake.</summary>
internal interface IAnswerObserver
{
    /// <summary>The server has sent its first byte of data: it did not refuse the connection.</summary>
    void Answered();

    /// <summary>
    /// The server refused the client after the handshake, or the connection was closed before it answered.
    /// </summary>
    void Refused(TlsHandshakeException refusal);

    /// <summary>
    /// The server closed the connection without an answer, and may have refused the client. The reader finds only the
    /// end: a pool then sends the request again on another connection, if it can.
    /// </summary>
    void ClosedUnanswered(TlsHandshakeException refusal);

    /// <summary>The connection is closed.</summary>
    void Closed();
}
