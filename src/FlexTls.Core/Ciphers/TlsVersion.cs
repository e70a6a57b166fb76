using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>A TLS protocol version that an outbound policy can name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TlsVersion>))]
public enum TlsVersion
{
    /// <summary>TLS 1.1 (RFC 4346). Only possible when cipher suites for it are listed.</summary>
    Tls11 = 11,

    /// <summary>TLS 1.2 (RFC 5246), the default minimum.</summary>
    Tls12 = 12,

    /// <summary>TLS 1.3 (RFC 8446), the default maximum.</summary>
    Tls13 = 13,
}
