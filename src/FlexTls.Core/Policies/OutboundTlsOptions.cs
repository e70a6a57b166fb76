using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// An outbound TLS policy as a person writes it, in the words of the Flex Gateway policy <c>tls-outbound</c>.
/// <see cref="OutboundTlsPolicy.Create"/> turns it into a policy. Untouched options are the default policy. They are
/// the options of one policy, not of the program: <c>services.Configure&lt;OutboundTlsOptions&gt;(…)</c> is an error.
/// </summary>
public class OutboundTlsOptions
{
    /// <summary>
    /// <see langword="true"/>: the server's certificate is not validated at all (no check of chain, dates, name, usage
    /// or key size), and no client certificate is presented. Default <see langword="false"/>. <c>skipValidation</c> in
    /// a policy file.
    /// </summary>
    public bool DangerousSkipValidation { get; set; }

    /// <summary>
    /// One or more certificates in PEM, or <c>file:PATH</c> of such text. Only these are trusted for this upstream,
    /// except with <see cref="OutboundTlsExtensionOptions.TrustSystemCA"/>. Default <see langword="null"/>: the
    /// operating system's trust store.
    /// </summary>
    public string? TrustedCA { get; set; }

    /// <summary>The client certificate for mutual TLS. Default <see langword="null"/>: none.</summary>
    public CertificateOptions? Certificate { get; set; }

    /// <summary>
    /// The application protocols to offer, most preferred first, 1 to 255 bytes each (RFC 7301). Default
    /// <see langword="null"/>: <c>h2</c>, <c>http/1.1</c>. Empty: no ALPN is offered.
    /// </summary>
    public IList<string>? Alpn { get; set; }

    /// <summary>The lowest version. Default <see langword="null"/>: TLS 1.2.</summary>
    public TlsVersion? MinVersion { get; set; }

    /// <summary>The highest version. Default <see langword="null"/>: TLS 1.3.</summary>
    public TlsVersion? MaxVersion { get; set; }

    /// <summary>
    /// The cipher suites for TLS 1.1 and 1.2, most preferred first. Default <see langword="null"/> or
    /// empty: <see cref="CipherSuiteCatalog.Tls12Defaults"/>. TLS 1.3 suites cannot be chosen: all three are offered
    /// when TLS 1.3 is in range.
    /// </summary>
    public IList<TlsCipherSuite>? Ciphers { get; set; }

    /// <summary>FlexTls's own additions. Default <see langword="null"/>: none.</summary>
    public OutboundTlsExtensionOptions? Extensions { get; set; }

    /// <summary>
    /// A client certificate with its private key, instead of <see cref="Certificate"/>; for keys that do not exist as
    /// PEM text. Default <see langword="null"/>. The policy takes its own handle.
    /// </summary>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>
    /// The CA certificates to send with <see cref="ClientCertificate"/>, its issuer first, without the root; for
    /// servers that know only the root. Default <see langword="null"/> or empty: none.
    /// </summary>
    public X509Certificate2Collection? ClientIntermediates { get; set; }

    /// <summary>
    /// The only certificates trusted for this upstream, instead of <see cref="TrustedCA"/>. Default
    /// <see langword="null"/>.
    /// </summary>
    public X509Certificate2Collection? TrustAnchors { get; set; }
}
