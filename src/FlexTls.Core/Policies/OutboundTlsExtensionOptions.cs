using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>
/// FlexTls's own additions to the policy, which Flex Gateway does not know: the <c>extensions</c> key.
/// </summary>
public class OutboundTlsExtensionOptions
{
    /// <summary>
    /// The passphrase of an encrypted PKCS#8 key or of <see cref="Pkcs12"/>. Default <see langword="null"/>: none.
    /// Never shown in a message and never written to JSON. <c>keyPassphrase</c> in a policy file, preferably as
    /// <c>$NAME</c>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWriting)]
    public string? KeyPassphrase { get; set; }

    /// <summary>
    /// <c>file:PATH</c> of a PKCS#12 file (RFC 7292) of at most 1 MiB with one private key, its certificate and the
    /// intermediates to send, instead of <see cref="OutboundTlsOptions.Certificate"/>. Default <see langword="null"/>.
    /// <c>pkcs12</c> in a policy file.
    /// </summary>
    public string? Pkcs12 { get; set; }

    /// <summary>
    /// The DNS name that is sent to the server (SNI, RFC 6066) and that its certificate must match, instead of the host
    /// of the connection. Default <see langword="null"/>: that host. <c>serverName</c> in a policy file.
    /// </summary>
    public string? ServerName { get; set; }

    /// <summary>
    /// Names instead of the host of the connection: the server's certificate must have at least one of them. They do
    /// not change the name that is sent. Default <see langword="null"/>: the host. Empty is an error.
    /// <c>subjectAltNames</c> in a policy file.
    /// </summary>
    public IList<SubjectAltNameOptions>? SubjectAltNames { get; set; }

    /// <summary>
    /// <see langword="true"/>: the operating system's trust store is trusted in addition to
    /// <see cref="OutboundTlsOptions.TrustedCA"/> or <see cref="OutboundTlsOptions.TrustAnchors"/>. Default
    /// <see langword="false"/>. <c>trustSystemCA</c> in a policy file.
    /// </summary>
    public bool TrustSystemCA { get; set; }

    /// <summary>
    /// Pinned keys: at least one must be on the verified path, in addition to every other check. Default
    /// <see langword="null"/>: no pins. <c>pins</c> in a policy file.
    /// </summary>
    public PinsOptions? Pins { get; set; }

    /// <summary>
    /// How long connections may drain after the policy, or one of its certificates, has been replaced; then they are
    /// closed. Whole milliseconds, from zero (close at once) to 24 hours. Default <see langword="null"/>: 30 seconds.
    /// <c>drainTimeout</c> in a policy file, such as <c>30s</c>.
    /// </summary>
    public TimeSpan? DrainTimeout { get; set; }

    /// <summary>
    /// <see langword="true"/>: a server that does not ask for the client certificate is refused, so that mutual TLS
    /// which was switched off at the server does not go unnoticed. Only handshakes that FlexTls makes itself can be
    /// checked; others are refused: options for other code, and connections through a proxy. No session is resumed. An
    /// error without a client certificate, and under <see cref="OutboundTlsOptions.DangerousSkipValidation"/>. Default
    /// <see langword="false"/>. <c>requireMutualTls</c> in a policy file.
    /// </summary>
    public bool RequireMutualTls { get; set; }

    /// <summary>
    /// <see langword="true"/>: HTTP clients under the policy may make plain requests, <c>http://</c> and <c>ws://</c>.
    /// FlexTls otherwise refuses them, because anyone on the network path can read and change them. Default
    /// <see langword="false"/>. <c>allowPlainHttp</c> in a policy file.
    /// </summary>
    public bool DangerousAllowPlainHttp { get; set; }
}
