using System.Net.Security;
using System.Security.Authentication;
using FlexTls.Validation;

namespace FlexTls.Handshakes;

/// <summary>What a handshake with the upstream came to.</summary>
internal sealed record HandshakeRecord(
    DateTimeOffset At, SslProtocols Protocol, TlsCipherSuite CipherSuite, PresentedChain Presented);
