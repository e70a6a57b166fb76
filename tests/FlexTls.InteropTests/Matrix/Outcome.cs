namespace FlexTls.Interop;

/// <summary>How a connection is to end.</summary>
public enum Outcome
{
    /// <summary>A connection, and the server's answer over it.</summary>
    Connects,

    /// <summary>The server's certificate is refused.</summary>
    WeRefuse,

    /// <summary>The server refuses the client: in the handshake, after it, or with an answer of the status 400.</summary>
    ServerRefuses,
}
