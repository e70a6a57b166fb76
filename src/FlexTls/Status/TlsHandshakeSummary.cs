using System.Net.Security;
using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>The result of a handshake.</summary>
/// <param name="At">When it was completed.</param>
/// <param name="Version">The version of TLS.</param>
/// <param name="CipherSuite">The cipher suite.</param>
public sealed record TlsHandshakeSummary(
    DateTimeOffset At,
    TlsVersion Version,
    [property: JsonConverter(typeof(JsonStringEnumConverter<TlsCipherSuite>))] TlsCipherSuite CipherSuite);
