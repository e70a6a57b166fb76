using System.Net.Security;

namespace FlexTls;

/// <summary>What a handshake came to.</summary>
/// <param name="At">When it was finished.</param>
/// <param name="Version">The version of TLS.</param>
/// <param name="CipherSuite">The cipher suite.</param>
public sealed record TlsHandshakeSummary(DateTimeOffset At, TlsVersion Version, TlsCipherSuite CipherSuite);
