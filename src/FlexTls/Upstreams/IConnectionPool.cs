namespace FlexTls;

/// <summary>Makes and keeps connections of a generation, which closes it when replaced.</summary>
internal interface IConnectionPool
{
    /// <summary>Whether a connection was being made at any time since the last call.</summary>
    bool WasConnecting();

    /// <summary>Closes the pool, without waiting for transports that hang on closing.</summary>
    void Close();

    /// <summary>Gives up the connections that are being made.</summary>
    void GiveUp();
}
