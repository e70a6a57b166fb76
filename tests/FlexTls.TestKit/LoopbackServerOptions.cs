using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.TestKit;

/// <summary>How a <see cref="LoopbackServer"/> behaves.</summary>
public sealed record LoopbackServerOptions(X509Certificate2 Certificate)
{
    /// <summary>What the server sends besides its certificate.</summary>
    public X509Certificate2Collection Intermediates { get; init; } = [];

    public SslProtocols Versions { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Empty: the platform's default. Needed for TLS 1.1 with ECDHE and for weak keys, because it lowers OpenSSL's security level to 0.</summary>
    public IReadOnlyList<TlsCipherSuite> CipherSuites { get; init; } = [];

    public IReadOnlyList<SslApplicationProtocol> Alpn { get; init; } = [];

    /// <summary>Whether a client certificate is asked for; any is accepted.</summary>
    public bool AsksForClientCertificate { get; init; }

    /// <summary>Whether a client without a certificate is refused.</summary>
    public bool RequiresClientCertificate { get; init; }
}
