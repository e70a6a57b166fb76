using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>The client certificate for mutual TLS, as written: the <c>certificate</c> key of the policy.</summary>
public class CertificateOptions
{
    /// <summary>
    /// The private key in PEM: PKCS#8 (also encrypted, with <see cref="OutboundTlsExtensionOptions.KeyPassphrase"/>),
    /// PKCS#1 RSA or SEC1 EC; or <c>file:PATH</c> of such text. Required with <see cref="Crt"/>. The string stays in
    /// managed memory; if that matters, use <see cref="OutboundTlsOptions.ClientCertificate"/>. Never written to JSON.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWriting)]
    public string? Key { get; set; }

    /// <summary>
    /// The certificate in PEM: the leaf first, then the intermediates to send; or <c>file:PATH</c> of such text.
    /// Required with <see cref="Key"/>.
    /// </summary>
    public string? Crt { get; set; }
}
