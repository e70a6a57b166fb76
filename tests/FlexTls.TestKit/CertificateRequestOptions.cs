using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls.TestKit;

/// <summary>What a test wants in a certificate; untouched, it is a good server certificate for nothing.</summary>
public sealed record CertificateRequestOptions
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public KeyKind Key { get; init; } = KeyKind.EcP256;

    /// <summary>MD5, SHA1 or PSS (with SHA-1), for an RSA authority; <see langword="null"/>: SHA-256.</summary>
    public HashAlgorithmName? BrokenHash { get; init; }

    public IReadOnlyList<string> DnsNames { get; init; } = [];

    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    public IReadOnlyList<string> Usages { get; init; } = [ServerAuth];

    /// <summary>Extensions that are added; one of a kind that is there already takes its place.</summary>
    public IReadOnlyList<X509Extension> Extensions { get; init; } = [];

    /// <summary>The object identifiers of extensions that are left out.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    public DateTimeOffset NotBefore { get; init; } = DateTimeOffset.UtcNow.AddDays(-1);

    public DateTimeOffset NotAfter { get; init; } = DateTimeOffset.UtcNow.AddDays(30);
}
