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

    /// <summary>A write waits for the transport, as with a full TCP buffer; later writes wait behind it.</summary>
    void WriteWaits();

    /// <summary>The write no longer waits.</summary>
    void WriteEnded();

    /// <summary>The connection is closed.</summary>
    void Closed();
}
