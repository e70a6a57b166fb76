using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>What an upstream uses a certificate for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TlsCertificateRole>))]
public enum TlsCertificateRole
{
    /// <summary>The client certificate.</summary>
    ClientCertificate,

    /// <summary>Sent with the client certificate.</summary>
    ClientIntermediate,

    /// <summary>One of the policy's <c>trustedCA</c>.</summary>
    TrustedCA,

    /// <summary>Presented by the server, its own certificate or one that it sent with it.</summary>
    ServerChain,
}
