using System.Globalization;

namespace FlexTls;

/// <summary>What is enforced under a policy, setting by setting.</summary>
internal sealed class Explanation(OutboundTlsContext context, DateTimeOffset now)
{
    private readonly OutboundTlsPolicy _policy = context.Policy;
    private readonly EffectiveTlsSettings _effective = context.Effective;
    private readonly Origins _origins = new(context.Policy);

    public IEnumerable<Setting> Settings() =>
    [
        new(
            "versions", [Words.Of(_effective.MinVersion, _effective.MaxVersion)],
            _origins.Of("minversion", "maxversion")),
        new("suites", [.. _effective.CipherSuites.Select(Words.Of)], _origins.Of("ciphers")),
        .. KeyExchange(),
        new("ALPN", [Words.OfAlpn(_effective.Alpn)], _origins.Of("alpn")),
        new("HTTP", [Words.OfHttp(_effective.Alpn), .. PlainHttp()], PlainHttpOrigin()),
        .. _policy.DangerousSkipValidation ? Unvalidated() : Validated(),
        new("draining", [Words.Of(_policy.DrainTimeout)], _origins.Of("extensions.drainTimeout")),
        .. Notes(),
    ];

    private IEnumerable<Setting> KeyExchange() => _effective.KeyExchangeGroups.Count == 0 ? [] :
    [
        new(
            "groups",
            [
                string.Join(", ", _effective.KeyExchangeGroups),
                _effective.OffersPostQuantumKeyExchange ? "includes a post-quantum group" : "no post-quantum group",
            ],
            "platform"),
    ];

    private IEnumerable<string> PlainHttp() => _effective.AllowsPlainHttp ? ["PLAIN HTTP IS ALLOWED"] : [];

    private string PlainHttpOrigin() => _effective.AllowsPlainHttp ? _origins.Of("extensions.allowPlainHttp") : "";

    private IEnumerable<Setting> Unvalidated() =>
    [
        new(
            "server", ["NOT VALIDATED: anyone on the path can read and change the traffic"],
            _origins.Of("skipValidation")),
        .. _policy.HasClientCertificate
            ? [new Setting("identity", ["never presented, as the server is not validated"], IdentityOrigin())]
            : (Setting[])[],
    ];

    private IEnumerable<Setting> Validated() =>
    [
        new("trusted CAs", [.. Trust()], _origins.Of("trustedCA", "extensions.trustSystemCA")),
        new("name", Names(), _origins.Of("extensions.serverName", "extensions.subjectAltNames")),
        .. _policy.PinnedKeys.Count == 0 ? (Setting[])[]
            : [new("pins", [.. _policy.PinnedKeys], _origins.Of("extensions.pins"))],
        new(
            "identity",
            [
                .. _policy.HasClientCertificate
                    ? _policy.ClientCertificates.SelectMany(Describe) : ["no client certificate"],
                .. Mutual(),
            ],
            IdentityOrigin()),
    ];

    private string IdentityOrigin() =>
        _origins.Of("certificate", "extensions.pkcs12", "extensions.requireMutualTls");

    private IEnumerable<string> Trust() =>
    [
        .. _policy.TrustedCAs.SelectMany(Describe),
        .. _effective.TrustsSystemCAs ? ["the operating system's CAs"] : (string[])[],
    ];

    private IReadOnlyList<string> Names() =>
    [
        .. _policy.ServerName is null ? (string[])[] : [$"{_policy.ServerName}, also sent as the server name"],
        .. _policy.ExpectedNames.Count == 0 ? (string[])[] : ["one of:", .. _policy.ExpectedNames],
        .. _policy is { ServerName: null, ExpectedNames.Count: 0 } ? ["the host of the connection"] : (string[])[],
    ];

    private IEnumerable<string> Mutual() =>
        _effective.RequiresMutualTls ? ["a server that does not ask for it is refused"] : [];

    private IEnumerable<string> Describe(CertificateSummary certificate) =>
    [
        certificate.Subject,
        $"  {Words.OfValidity(certificate.NotBefore, certificate.NotAfter, now)}",
        "  SHA-256:",
        $"  {certificate.Sha256Fingerprint}",
    ];

    private IEnumerable<Setting> Notes() =>
        _policy.Diagnostics.Concat(context.Diagnostics).Distinct().Select((found, i) => new Setting(
            i == 0 ? "notes" : "",
            [string.Create(CultureInfo.InvariantCulture, $"{found.Code}: {found.Message}")],
            found.FileName is { } file ? ShownPath.Of(file, found.Line) : ""));
}
