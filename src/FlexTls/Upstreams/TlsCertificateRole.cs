using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>The use of a certificate by an upstream.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TlsCertificateRole>))]
public enum TlsCertificateRole
{
    /// <summary>The client certificate.</summary>
    ClientCertificate,

    /// <summary>An intermediate sent with the client certificate.</summary>
    ClientIntermediate,

    /// <summary>A CA in the policy's <c>trustedCA</c>.</summary>
    TrustedCA,

    /// <summary>Presented by the server: its own certificate, or one sent with it.</summary>
    ServerChain,
}
