using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace QuickStart;

/// <summary>How the server of an upstream behaves.</summary>
internal sealed record ServerOptions(X509Certificate2 Certificate)
{
    /// <summary>What the server sends besides its certificate.</summary>
    public X509Certificate2Collection Intermediates { get; init; } = [];

    public SslProtocols Versions { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Empty: the platform's default.</summary>
    public IReadOnlyList<TlsCipherSuite> CipherSuites { get; init; } = [];

    public bool RequiresClientCertificate { get; init; }
}
