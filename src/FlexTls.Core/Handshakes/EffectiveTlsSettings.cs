using System.Net.Security;
using System.Text.Json.Serialization;

namespace FlexTls;

/// <summary>
/// The settings that a context actually offers and checks on this machine, within the limits of the platform. Contains
/// no secrets.
/// </summary>
public sealed class EffectiveTlsSettings
{
    internal EffectiveTlsSettings()
    {
    }

    /// <summary>The lowest version offered.</summary>
    public required TlsVersion MinVersion { get; init; }

    /// <summary>The highest version offered.</summary>
    public required TlsVersion MaxVersion { get; init; }

    /// <summary>The versions offered.</summary>
    internal TlsVersionRange Versions => new(MinVersion, MaxVersion);

    /// <summary>The same as <see cref="OutboundTlsPolicy.VersionWithoutSuites"/>.</summary>
    internal TlsVersion? VersionWithoutSuites { get; init; }

    /// <summary>The cipher suites in the ClientHello, in order; those of TLS 1.3 lead.</summary>
    [JsonConverter(typeof(TlsCipherSuiteNamesConverter))]
    public required IReadOnlyList<TlsCipherSuite> CipherSuites { get; init; }

    /// <summary>
    /// The groups for key exchanges in the ClientHello, in order, by their registered names, such as <c>x25519</c>
    /// (RFC 8446, section 4.2.7). The TLS library chooses them, not the policy. Empty: unknown,
    /// or no cipher suite of the offer uses a group.
    /// </summary>
    public IReadOnlyList<string> KeyExchangeGroups { get; init; } = [];

    /// <summary>
    /// Whether the groups include one that withstands quantum computers, such as <c>X25519MLKEM768</c>; a server that
    /// supports it can then be expected to choose it. OpenSSL offers one from 3.5 on.
    /// </summary>
    public bool OffersPostQuantumKeyExchange => KeyExchangeGroups.Any(FlexTls.KeyExchangeGroups.IsPostQuantum);

    /// <summary>The application protocols in the ClientHello, in order; empty: no ALPN.</summary>
    public required IReadOnlyList<string> Alpn { get; init; }

    /// <summary>The application protocols in their form for messages.</summary>
    internal string AlpnShown { get; init; } = "";

    /// <summary>
    /// The server name that is sent and verified instead of the host of the connection, or <c>$NAME</c> if it comes
    /// from the environment; <see langword="null"/>: the host of the connection.
    /// </summary>
    public string? ServerName { get; init; }

    /// <summary>Whether the server's certificate is validated.</summary>
    public required bool ValidatesServerCertificate { get; init; }

    /// <summary>Whether HTTP clients may make requests without TLS.</summary>
    public bool AllowsPlainHttp { get; init; }

    /// <summary>
    /// The CAs that the policy trusts; empty: none of its own. <see cref="TrustsSystemCAs"/> says whether those of the
    /// operating system are trusted.
    /// </summary>
    public required IReadOnlyList<CertificateSummary> TrustedCAs { get; init; }

    /// <summary>
    /// Whether the operating system's CAs are trusted, in addition to <see cref="TrustedCAs"/> or alone.
    /// </summary>
    public bool TrustsSystemCAs { get; init; }

    /// <summary>
    /// The names of which the server's certificate must have at least one; empty: the host of the connection, or
    /// <see cref="ServerName"/>.
    /// </summary>
    public IReadOnlyList<string> ExpectedNames { get; init; } = [];

    /// <summary>
    /// The pinned keys, of which at least one must be on the verified path, in the form of
    /// <see cref="OutboundTlsPolicy.PinnedKeys"/>; empty: no pins.
    /// </summary>
    public IReadOnlyList<string> PinnedKeys { get; init; } = [];

    /// <summary>The client certificate to present; <see langword="null"/>: none.</summary>
    public required CertificateSummary? ClientCertificate { get; init; }

    /// <summary>Whether a server that does not ask for the client certificate is refused.</summary>
    public bool RequiresMutualTls { get; init; }

    /// <summary>
    /// Whether sessions are resumed (RFC 8446, section 2.2). Then <see cref="OutboundTlsContext"/>'s
    /// <c>ConnectAsync</c> and HTTP clients offer TLS 1.3 alone to a server that has negotiated it before, with its
    /// suites in the platform's order; to a server that refuses that, they offer everything again.
    /// </summary>
    public bool ResumesSessions { get; init; }

    /// <summary>
    /// The parts of the policy that this platform cannot enforce or offer, and the side effects of enforcing the
    /// others.
    /// </summary>
    public required IReadOnlyList<TlsPolicyDiagnostic> Limitations { get; init; }

    /// <summary>The settings as text, one per line.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var trusted = TrustedCAs.Select(ca => ca.Subject);
        var trust = !ValidatesServerCertificate
            ? "NOT VALIDATED"
            : string.Join("; ", TrustsSystemCAs ? trusted.Append("the operating system's CAs") : trusted);
        string[] lines =
        [
            $"versions: {Versions}",
            $"cipher suites: {string.Join(", ", CipherSuites)}",
            .. KeyExchangeGroups.Count == 0
                ? (string[])[] : [$"key exchange groups: {string.Join(", ", KeyExchangeGroups)}"],
            $"application protocols: {AlpnShown}",
            .. ServerName is null ? (string[])[] : [$"server name: {ServerName}"],
            $"server certificate: {trust}",
            .. ExpectedNames.Count == 0 ? (string[])[] : [$"expected names: {string.Join(", ", ExpectedNames)}"],
            .. PinnedKeys.Count == 0 ? (string[])[] : [$"pinned keys: {string.Join(", ", PinnedKeys)}"],
            $"client certificate: {ClientCertificate?.Subject ?? "none"}{(RequiresMutualTls ? ", required" : "")}",
            .. AllowsPlainHttp ? (string[])["plain HTTP: ALLOWED"] : [],
            .. Limitations.Select(limitation => $"limitation: {limitation.Code} {limitation.Message}"),
        ];
        return string.Join(Environment.NewLine, lines.Select(Text.OneLine));
    }
}
