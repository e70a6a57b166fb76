namespace FlexTls;

/// <summary>Makes and keeps connections of a generation, which closes it when replaced.</summary>
internal interface IConnectionPool
{
    /// <summary>
    /// Whether a request may have been waiting, unsent, at any time since the last call: for a connection, or behind
    /// another request's write.
    /// </summary>
    bool WasBusy();

    /// <summary>Whether a connection is kept alive with pings, which a closed pool does not send.</summary>
    bool SendsPings { get; }

    /// <summary>Closes the pool, without waiting for transports that hang on closing.</summary>
    void Close();

    /// <summary>
    /// Gives up the connections that are being made and could only belong to this pool: those through a proxy, those
    /// without TLS, and handshakes that offer HTTP/2. Other connections go on, under the generation in force.
    /// </summary>
    void GiveUp();
}
