using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>
/// The behavior of a named client that has no policy: nobody called <c>AddOutboundTls</c> on it, or a default call
/// finds no policy for its name.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<UnboundClientBehavior>))]
public enum UnboundClientBehavior
{
    /// <summary>The client is unchanged: the platform's own TLS. The default.</summary>
    Stock,

    /// <summary>
    /// The client gets <see cref="OutboundTlsPolicy.GatewayDefault"/>, as an upstream without a policy does in the
    /// gateway.
    /// </summary>
    GatewayDefault,

    /// <summary>Creating the client fails, with an error that names it.</summary>
    Refuse,
}
