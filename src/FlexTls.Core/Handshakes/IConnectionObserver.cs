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

    /// <summary>The connection is closed.</summary>
    void Closed();
}
