using System.Net.Security;
using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>What a handshake came to.</summary>
/// <param name="At">When it was finished.</param>
/// <param name="Version">The version of TLS.</param>
/// <param name="CipherSuite">The cipher suite.</param>
public sealed record TlsHandshakeSummary(
    DateTimeOffset At,
    TlsVersion Version,
    [property: JsonConverter(typeof(JsonStringEnumConverter<TlsCipherSuite>))] TlsCipherSuite CipherSuite);
