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
    /// The server closed the connection without an answer, and may have refused the client. A pool that finds only the
    /// end sends the request again on another connection, if it can.
    /// </summary>
    /// <returns>Whether the reader gets the reason, and not only the end.</returns>
    bool ClosedUnanswered(TlsHandshakeException refusal);

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
