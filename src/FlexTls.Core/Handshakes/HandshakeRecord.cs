using System.Net.Security;
using System.Security.Authentication;
using FlexTls.Validation;

namespace FlexTls.Handshakes;

/// <summary>The result of a handshake with the upstream.</summary>
internal sealed record HandshakeRecord(
    DateTimeOffset At, SslProtocols Protocol, TlsCipherSuite CipherSuite, PresentedChain Presented);
