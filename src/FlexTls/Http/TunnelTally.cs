namespace FlexTls;

/// <summary>How many tunnels of a handler there have been so far.</summary>
/// <param name="Opened">Tunnels to TLS servers.</param>
/// <param name="Handshakes">Those whose server has presented its certificate.</param>
internal readonly record struct TunnelTally(int Opened, int Handshakes);
