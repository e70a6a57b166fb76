using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>The owner of an upstream's policy; a Service and a client may have the same name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpstreamTlsKind>))]
public enum UpstreamTlsKind
{
    /// <summary>The policy of a Service, which any number of clients use.</summary>
    Service,

    /// <summary>The policy of one client alone.</summary>
    Client,
}
