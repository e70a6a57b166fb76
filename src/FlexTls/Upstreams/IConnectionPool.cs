namespace FlexTls;

/// <summary>Makes and keeps connections of a generation, which closes it when replaced.</summary>
internal interface IConnectionPool
{
    /// <summary>
    /// Whether, at any time since the last call, a connection was being made, or a write waited, behind which a request
    /// may wait that has not been sent.
    /// </summary>
    bool WasBusy();

    /// <summary>Closes the pool, without waiting for transports that hang on closing.</summary>
    void Close();

    /// <summary>Gives up the connections that are being made.</summary>
    void GiveUp();
}
