using System.Diagnostics.CodeAnalysis;

namespace FlexTls;

/// <summary>
/// A validated, immutable outbound TLS policy. Two policies are equal if they ask for the same connection and the same
/// <see cref="DrainTimeout"/>; their <see cref="Diagnostics"/> are not compared.
/// </summary>
public sealed class OutboundTlsPolicy : IEquatable<OutboundTlsPolicy>
{
    private readonly PolicyTerms _terms;

    private OutboundTlsPolicy(PolicyTerms terms)
    {
        _terms = terms;
        Alpn = [.. terms.Alpn.Select(id => id.Text)];
        ExpectedNames = [.. terms.SubjectAltNames.Select(name => name.Shown)];
        Pins = [.. terms.Pins.Select(pin => pin.Hash)];
        PinnedKeys = [.. terms.Pins.Select(pin => pin.Shown)];
    }

    /// <summary>
    /// The policy whose <c>config</c> is <c>{}</c>: TLS 1.2 to 1.3, the default suites, the system's trust store,
    /// <c>h2</c> and <c>http/1.1</c>.
    /// </summary>
    public static OutboundTlsPolicy Default { get; } = Create(new OutboundTlsOptions());

    /// <summary>
    /// What the gateway does for an upstream without any policy: TLS 1.2 only, the six default suites, the system's
    /// trust store, no ALPN.
    /// </summary>
    public static OutboundTlsPolicy GatewayDefault { get; } = Create(
        new OutboundTlsOptions { MinVersion = TlsVersion.Tls12, MaxVersion = TlsVersion.Tls12, Alpn = [] });

    /// <summary>
    /// Whether every server certificate is accepted without validation. Then no client certificate is presented either.
    /// </summary>
    public bool DangerousSkipValidation => _terms.SkipValidation;

    /// <summary>Whether a server that does not ask for the client certificate is refused.</summary>
    public bool RequireMutualTls => _terms.RequireMutualTls;

    /// <summary>
    /// Whether HTTP clients under the policy may make plain requests, <c>http://</c> and <c>ws://</c>.
    /// </summary>
    public bool DangerousAllowPlainHttp => _terms.AllowPlainHttp;

    /// <summary>
    /// The versions to offer: the highest contiguous run of versions in the written range that have suites.
    /// </summary>
    public TlsVersionRange Versions => _terms.Versions;

    /// <summary>The suites to offer, most preferred first; those of TLS 1.3 lead when it is in range.</summary>
    public IReadOnlyList<CipherSuiteInfo> CipherSuites => _terms.CipherSuites;

    /// <summary>The application protocols to offer, most preferred first; empty: none.</summary>
    public IReadOnlyList<string> Alpn { get; }

    /// <summary>
    /// Whether the policy trusts CAs of its own (and no others, unless <see cref="TrustSystemCA"/> is set) instead of
    /// the operating system's trust store.
    /// </summary>
    public bool HasTrustedCA => TrustAnchors is not null;

    /// <summary>
    /// The certificates of <c>trustedCA</c>, in the order written; empty: there is none, and the operating system's CAs
    /// are trusted.
    /// </summary>
    public IReadOnlyList<CertificateSummary> TrustedCAs => TrustAnchors?.Summaries ?? [];

    /// <summary>
    /// Whether the operating system's trust store is trusted in addition to the policy's own CAs. Without own CAs it is
    /// always trusted.
    /// </summary>
    public bool TrustSystemCA => _terms.TrustSystemCA;

    /// <summary>Whether the policy has a client certificate.</summary>
    public bool HasClientCertificate => ClientIdentity is not null;

    /// <summary>
    /// The client certificate and the intermediates that are sent with it, the certificate first; empty: none.
    /// </summary>
    public IReadOnlyList<CertificateSummary> ClientCertificates => ClientIdentity?.Summaries ?? [];

    /// <summary>
    /// The name that is sent and verified instead of the host of the connection, in lower case; <see langword="null"/>:
    /// that host.
    /// </summary>
    public string? ServerName => ServerHost?.Text;

    /// <summary>
    /// The names, such as <c>DNS:orders.example</c>, of which the server's certificate must have at least one, in the
    /// order of the policy; empty: the host of the connection, or <see cref="ServerName"/>. A name from the environment
    /// is shown as <c>URI:$NAME</c>.
    /// </summary>
    public IReadOnlyList<string> ExpectedNames { get; }

    /// <summary>
    /// The pinned keys, of which at least one must be on the verified path: the SHA-256 of each SubjectPublicKeyInfo in
    /// base64 (RFC 7469), or <c>$NAME</c> if it came from the environment. Empty: no pins.
    /// </summary>
    public IReadOnlyList<string> PinnedKeys { get; }

    /// <summary>
    /// How long connections may drain after this policy, or one of its certificates, has been replaced; then they are
    /// closed. From zero (close at once) to 24 hours; default 30 seconds. Policies that differ only in this are not
    /// equal, so that a change of the timeout alone also replaces the policy.
    /// </summary>
    public TimeSpan DrainTimeout => _terms.DrainTimeout;

    /// <summary>
    /// The keys that were written, in their order in the text; all other settings are defaults. Empty for a policy from
    /// <see cref="Create"/>.
    /// </summary>
    public IReadOnlyList<TlsPolicySetting> WrittenSettings => _terms.WrittenSettings;

    /// <summary>The warnings and information from reading the policy, in file order.</summary>
    public IReadOnlyList<TlsPolicyDiagnostic> Diagnostics => _terms.Diagnostics;

    /// <summary>
    /// The next version below <see cref="Versions"/> if the written range includes it but no suite serves it;
    /// <see langword="null"/>: the range is as written.
    /// </summary>
    internal TlsVersion? VersionWithoutSuites => _terms.VersionWithoutSuites;

    /// <summary>The place of the first id in <c>alpn</c>; <see langword="null"/>: none was written.</summary>
    internal Place? AlpnPlace => _terms.AlpnPlace;

    /// <summary>Where the client certificate is written; <see langword="null"/>: nowhere.</summary>
    internal Place? IdentityPlace => _terms.IdentityPlace;

    /// <summary>The application protocols as messages show them.</summary>
    internal string AlpnShown => AlpnId.Show(_terms.Alpn);

    /// <summary>The <see cref="ServerName"/>, with its form for messages.</summary>
    internal HostName? ServerHost => _terms.ServerName;

    internal TrustAnchors? TrustAnchors => _terms.TrustAnchors;

    internal ClientIdentity? ClientIdentity => _terms.ClientIdentity;

    /// <summary>What the policy asks of servers, without the client certificate and its key.</summary>
    internal OutboundTlsPolicy WithoutIdentity() =>
        ClientIdentity is null ? this : new(_terms with { ClientIdentity = null });

    /// <summary>
    /// The names of which the server's certificate must have at least one; empty: the host is checked.
    /// </summary>
    internal IReadOnlyList<ExpectedName> SubjectAltNames => _terms.SubjectAltNames;

    /// <summary>The SHA-256 values, 32 bytes each, of the pinned keys; empty: no pins.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Pins { get; }

    /// <summary>Validates options and creates a policy from them.</summary>
    /// <param name="options">The options; later changes to them do not affect the policy.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    /// <exception cref="TlsPolicyException">The options cannot be used; the exception lists all faults.</exception>
    public static OutboundTlsPolicy Create(OutboundTlsOptions options) =>
        TryCreate(options, out var policy, out var diagnostics) ? policy : throw new TlsPolicyException(diagnostics);

    /// <summary>Validates options and creates a policy from them.</summary>
    /// <param name="options">The options; later changes to them do not affect the policy.</param>
    /// <param name="policy">The policy; <see langword="null"/> if the options cannot be used.</param>
    /// <param name="diagnostics">All findings, warnings included.</param>
    /// <returns><see langword="false"/> if the options cannot be used.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is <see langword="null"/>.</exception>
    public static bool TryCreate(
        OutboundTlsOptions options, [NotNullWhen(true)] out OutboundTlsPolicy? policy,
        out IReadOnlyList<TlsPolicyDiagnostic> diagnostics)
    {
        ArgumentNullException.ThrowIfNull(options);
        var found = new DiagnosticList();
        policy = Parse(PolicyDocument.From(options), found);
        diagnostics = found.InFileOrder();
        return policy is not null;
    }

    /// <summary>The policy, or <see langword="null"/> after an error in <paramref name="diagnostics"/>.</summary>
    internal static OutboundTlsPolicy? Parse(PolicyDocument document, DiagnosticList diagnostics) =>
        PolicyParser.Parse(document, diagnostics) is { } terms ? new OutboundTlsPolicy(terms) : null;

    /// <summary>Whether both policies ask for the same connection and the same <see cref="DrainTimeout"/>.</summary>
    /// <param name="other">The other policy.</param>
    /// <returns><see langword="true"/> if they do.</returns>
    public bool Equals(OutboundTlsPolicy? other) =>
        ReferenceEquals(this, other)
        || (other is not null
        && DangerousSkipValidation == other.DangerousSkipValidation
        && DangerousAllowPlainHttp == other.DangerousAllowPlainHttp
        && RequireMutualTls == other.RequireMutualTls
        && Versions == other.Versions
        && CipherSuites.SequenceEqual(other.CipherSuites)
        && Alpn.SequenceEqual(other.Alpn, StringComparer.Ordinal)
        && ServerName == other.ServerName
        && SubjectAltNames.SequenceEqual(other.SubjectAltNames)
        && TrustSystemCA == other.TrustSystemCA
        && DrainTimeout == other.DrainTimeout
        && Pins.Count == other.Pins.Count
        && Pins.Zip(other.Pins).All(pair => pair.First.Span.SequenceEqual(pair.Second.Span))
        && Equals(TrustAnchors, other.TrustAnchors)
        && Equals(ClientIdentity, other.ClientIdentity));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OutboundTlsPolicy);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(
            HashCode.Combine(
                DangerousSkipValidation, Versions, CipherSuites.Count, Alpn.Count, TrustAnchors, ClientIdentity,
                ServerName, TrustSystemCA));
        hash.Add((DrainTimeout, DangerousAllowPlainHttp, RequireMutualTls));
        foreach (var name in SubjectAltNames)
        {
            hash.Add(name);
        }

        foreach (var pin in Pins)
        {
            hash.AddBytes(pin.Span);
        }

        return hash.ToHashCode();
    }

    /// <summary>A short description of the policy for logs; contains no certificate and no key.</summary>
    /// <returns>One line.</returns>
    public override string ToString() =>
        $"{Versions}, {Text.Count(CipherSuites.Count, "suite")}, {AlpnShown}, {Trust()}, "
        + $"{(HasClientCertificate ? "client certificate" : "no client certificate")}"
        + $"{(RequireMutualTls ? ", mutual TLS required" : "")}"
        + $"{(DangerousAllowPlainHttp ? ", plain HTTP allowed" : "")}";

    private string Trust()
    {
        if (DangerousSkipValidation)
        {
            return "no validation";
        }

        var anchors = TrustAnchors is null
            ? "system trust"
            : Text.Count(TrustAnchors.Certificates.Count, "trusted CA") + (TrustSystemCA ? " and system trust" : "");
        var names = SubjectAltNames.Count == 0 ? "" : $", {Text.Count(SubjectAltNames.Count, "expected name")}";
        return $"{anchors}{names}{(Pins.Count == 0 ? "" : $", {Text.Count(Pins.Count, "pin")}")}";
    }
}
