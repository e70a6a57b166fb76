using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>
/// What becomes of a named client that has no policy: nobody called <c>AddOutboundTls</c> on it, or a default call
/// finds no policy for its name.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<UnboundClientBehavior>))]
public enum UnboundClientBehavior
{
    /// <summary>It is left as it is: TLS as the platform does it. The default.</summary>
    Stock,

    /// <summary>
    /// It gets <see cref="OutboundTlsPolicy.GatewayDefault"/>, as an upstream without a policy does in the gateway.
    /// </summary>
    GatewayDefault,

    /// <summary>Making it fails, with an error that names it.</summary>
    Refuse,
}
