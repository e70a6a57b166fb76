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
    [property: JsonConverter(typeof(JsonStringEnumConverter<TlsCipherSuite>))] TlsCipherSuite CipherSuite)
{
    /// <summary>The application protocol (ALPN), such as <c>h2</c>; <see langword="null"/>: none.</summary>
    public string? ApplicationProtocol { get; init; }

    /// <summary>
    /// The registered name of the group of the key exchange, such as <c>x25519</c> or <c>X25519MLKEM768</c>;
    /// <see langword="null"/>: unknown, as always in TLS 1.2.
    /// </summary>
    public string? KeyExchangeGroup { get; init; }

    /// <summary>
    /// Whether the key exchange withstands quantum computers; <see langword="null"/>: the group is unknown, or unknown
    /// to FlexTls. The key exchanges of TLS 1.2 do not.
    /// </summary>
    public bool? IsPostQuantum => Version < TlsVersion.Tls13 ? false
        : KeyExchangeGroup is null || KeyExchangeGroup.StartsWith("0x", StringComparison.Ordinal) ? null
        : KeyExchangeGroups.IsPostQuantum(KeyExchangeGroup);

    /// <summary>Whether a session was resumed; <see langword="null"/>: unknown.</summary>
    public bool? IsResumed { get; init; }

    /// <summary>
    /// Whether the server has the client certificate, from this handshake or from the one of the resumed session.
    /// </summary>
    public bool IsMutual { get; init; }

    /// <summary>How long the handshake took, with all attempts; <see langword="null"/>: unknown.</summary>
    public TimeSpan? Duration { get; init; }
}
