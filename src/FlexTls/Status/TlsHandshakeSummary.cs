using System.Net.Security;
using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>The result of a handshake.</summary>
public sealed record TlsHandshakeSummary
{
    /// <summary>When it was completed.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The version of TLS.</summary>
    public TlsVersion Version { get; init; }

    /// <summary>The cipher suite.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<TlsCipherSuite>))]
    public TlsCipherSuite CipherSuite { get; init; }

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
