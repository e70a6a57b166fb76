namespace FlexTls.Upstreams;

/// <summary>Makes and keeps connections of a generation, which disposes it when it is replaced.</summary>
internal interface IConnectionPool : IDisposable
{
    /// <summary>Whether a connection was being made at any time since this was asked last.</summary>
    bool WasConnecting();

    /// <summary>Closes it, and gives up the connections that are being made.</summary>
    void End();
}
