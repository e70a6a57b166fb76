namespace FlexTls.Upstreams;

/// <summary>Makes and keeps connections of a generation, which disposes it when it is replaced.</summary>
internal interface IConnectionPool : IDisposable
{
    /// <summary>Whether a connection was being made at any time since this was asked last.</summary>
    bool WasConnecting();

    /// <summary>Closes it, without waiting for transports that hang when they are closed.</summary>
    void Close();

    /// <summary>Gives up the connections that are being made.</summary>
    void GiveUp();
}
