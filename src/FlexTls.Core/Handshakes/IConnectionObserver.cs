namespace FlexTls;

/// <summary>Observes a connection after its handshake.</summary>
internal interface IConnectionObserver
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

    /// <summary>
    /// A write has begun to wait, for the transport (a full TCP buffer) or for the server's first answer; later writes
    /// wait behind it.
    /// </summary>
    void WriteWaits();

    /// <summary>That write has completed or failed; called once for each <see cref="WriteWaits"/>.</summary>
    void WriteEnded();

    /// <summary>The connection is closed.</summary>
    void Closed();
}
