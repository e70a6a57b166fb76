using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// The settings that all handshakes of a context share. The only place where a policy reaches
/// <see cref="SslClientAuthenticationOptions"/>.
/// </summary>
internal sealed class ClientOptions(
    TlsVersionRange versions, CipherSuitesPolicy? cipherSuites, SslStreamCertificateContext? identity,
    bool skipsValidation)
{
    public bool HasIdentity => identity is not null;

    /// <summary>
    /// Whether no session is resumed, because other code of the process may have made it without the client
    /// certificate.
    /// </summary>
    public bool NeverResumes { get; init; }

    public SslClientAuthenticationOptions Create(
        OfferKind offer, string? targetHost, IEnumerable<SslApplicationProtocol> applicationProtocols,
        X509ChainPolicy chainPolicy, RemoteCertificateValidationCallback verify)
    {
        var options = new SslClientAuthenticationOptions();
        Fill(options, offer, targetHost, chainPolicy, verify);
        var protocols = applicationProtocols.ToList();
        options.ApplicationProtocols = protocols.Count == 0 ? null : protocols;
        return options;
    }

    /// <summary>Sets everything but the application protocols.</summary>
    public void Fill(
        SslClientAuthenticationOptions options, OfferKind offer, string? targetHost, X509ChainPolicy chainPolicy,
        RemoteCertificateValidationCallback verify)
    {
        var isWhole = offer == OfferKind.Whole;
        options.TargetHost = targetHost;
        options.EnabledSslProtocols = isWhole ? versions.ToSslProtocols() : SslProtocols.Tls13;
        options.CipherSuitesPolicy = isWhole ? cipherSuites : null;
        options.EncryptionPolicy = isWhole
            ? EncryptionPolicyFor(versions, cipherSuites) : EncryptionPolicy.RequireEncryption;
        options.ClientCertificateContext = identity;
        options.ClientCertificates = null;
        options.LocalCertificateSelectionCallback = null;
        options.CertificateChainPolicy = chainPolicy;
        options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        options.RemoteCertificateValidationCallback = verify;
        options.AllowRenegotiation = false;

        // The platform's defaults, whatever a library has set.
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
        {
            (options.AllowRsaPssPadding, options.AllowRsaPkcs1Padding) = (true, true);
        }

        // The whole process shares sessions, whatever the trust: no other policy may resume one that was made without
        // validation.
        options.AllowTlsResume = !skipsValidation && offer != OfferKind.InFull && !NeverResumes;
    }

    /// <summary>
    /// OpenSSL's security level refuses TLS 1.1 with ECDHE; <c>AllowNoEncryption</c> is the platform's only way to
    /// lower it. It does not weaken the offer as long as a cipher suites policy says what is offered, and is never
    /// used without one.
    /// </summary>
    public static EncryptionPolicy EncryptionPolicyFor(TlsVersionRange versions, CipherSuitesPolicy? cipherSuites) =>
#pragma warning disable SYSLIB0040 // See above.
        versions.Contains(TlsVersion.Tls11) && cipherSuites is not null
            ? EncryptionPolicy.AllowNoEncryption : EncryptionPolicy.RequireEncryption;
#pragma warning restore SYSLIB0040
}
