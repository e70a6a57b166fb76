using System.Net.Security;
using System.Text.Json.Serialization;
using FlexTls.Diagnostics;

namespace FlexTls;

/// <summary>
/// What a context really offers and checks on this machine, after the policy has met the platform. Holds no secret.
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

    /// <summary>As <see cref="OutboundTlsPolicy.VersionWithoutSuites"/> has it.</summary>
    internal TlsVersion? VersionWithoutSuites { get; init; }

    /// <summary>The cipher suites in the ClientHello, in order; those of TLS 1.3 lead.</summary>
    [JsonConverter(typeof(TlsCipherSuiteNamesConverter))]
    public required IReadOnlyList<TlsCipherSuite> CipherSuites { get; init; }

    /// <summary>The application protocols in the ClientHello, in order; empty: no ALPN.</summary>
    public required IReadOnlyList<string> Alpn { get; init; }

    /// <summary>The application protocols as messages show them.</summary>
    internal string AlpnShown { get; init; } = "";

    /// <summary>
    /// The server name that is sent and verified instead of the connected host, or <c>$NAME</c> if it comes from the
    /// environment; <see langword="null"/>: the connected host.
    /// </summary>
    public string? ServerName { get; init; }

    /// <summary>Whether the server's certificate is validated.</summary>
    public required bool ValidatesServerCertificate { get; init; }

    /// <summary>
    /// The subjects of the CAs that are trusted; <see langword="null"/>: those of the operating system.
    /// </summary>
    public required IReadOnlyList<string>? TrustedCAs { get; init; }

    /// <summary>Whether the operating system's CAs are trusted: beside <see cref="TrustedCAs"/>, or alone.</summary>
    public bool TrustsSystemCAs { get; init; }

    /// <summary>
    /// The names of which the server's certificate must have one; empty: the host that is connected, or
    /// <see cref="ServerName"/>.
    /// </summary>
    public IReadOnlyList<string> ExpectedNames { get; init; } = [];

    /// <summary>
    /// The keys of which one must be on the verified path, as <see cref="OutboundTlsPolicy.PinnedKeys"/> has them;
    /// empty: none is asked for.
    /// </summary>
    public IReadOnlyList<string> PinnedKeys { get; init; } = [];

    /// <summary>The subject of the client certificate that is presented; <see langword="null"/>: none.</summary>
    public required string? ClientCertificate { get; init; }

    /// <summary>When the client certificate expires; <see langword="null"/> where there is none.</summary>
    public required DateTimeOffset? ClientCertificateNotAfter { get; init; }

    /// <summary>
    /// What the policy asks for and this platform cannot enforce or offer, and what enforcing it costs elsewhere.
    /// </summary>
    public required IReadOnlyList<TlsPolicyDiagnostic> Limitations { get; init; }

    /// <summary>The settings as text, one a line.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        const string System = "the operating system's CAs";
        var trust = !ValidatesServerCertificate
            ? "NOT VALIDATED"
            : TrustedCAs is null
            ? System
            : string.Join("; ", TrustsSystemCAs ? [.. TrustedCAs, System] : TrustedCAs);
        string[] lines =
        [
            $"versions: {Versions}",
            $"cipher suites: {string.Join(", ", CipherSuites)}",
            $"application protocols: {AlpnShown}",
            .. ServerName is null ? (string[])[] : [$"server name: {ServerName}"],
            $"server certificate: {trust}",
            .. ExpectedNames.Count == 0 ? (string[])[] : [$"expected names: {string.Join(", ", ExpectedNames)}"],
            .. PinnedKeys.Count == 0 ? (string[])[] : [$"pinned keys: {string.Join(", ", PinnedKeys)}"],
            $"client certificate: {ClientCertificate ?? "none"}",
            .. Limitations.Select(limitation => $"limitation: {limitation.Code} {limitation.Message}"),
        ];
        return string.Join(Environment.NewLine, lines.Select(Text.OneLine));
    }
}
