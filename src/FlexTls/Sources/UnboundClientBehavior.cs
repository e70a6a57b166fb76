using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>
/// What happens to a client, a late-bound handler or a proxy's cluster that has no policy: nobody gave it one, and
/// there is none for a Service of its name.
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

    /// <summary>
    /// It is refused, with an error that names it: creating a client fails, a late-bound handler refuses its requests,
    /// and a proxy refuses a configuration with such a cluster.
    /// </summary>
    Refuse,
}
