namespace FlexTls;

/// <summary>Observes a connection after its handshake.</summary>
internal interface IConnectionObserver : IAnswerObserver
{
    /// <summary>
    /// A write has begun to wait, for the transport (a full TCP buffer) or for the server's first answer; later writes
    /// wait behind it.
    /// </summary>
    void WriteWaits();

    /// <summary>That write has completed or failed; called once for each <see cref="WriteWaits"/>.</summary>
    void WriteEnded();
}
