using System.Net.Security;
using System.Security.Authentication;

namespace FlexTls;

/// <summary>The result of a handshake with the upstream.</summary>
internal sealed record HandshakeRecord(
    DateTimeOffset At, SslProtocols Protocol, TlsCipherSuite CipherSuite, PresentedChain Presented);
