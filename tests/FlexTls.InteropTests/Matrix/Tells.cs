namespace FlexTls.Interop;

/// <summary>What a server says about a connection, in its answers or its log.</summary>
[Flags]
internal enum Tells
{
    None = 0,
    Version = 1,
    Suite = 2,
    Alpn = 4,
    ServerName = 8,
    Client = 16,
    All = Version | Suite | Alpn | ServerName | Client,
}
