namespace FlexTls;

/// <summary>What a policy asks for, once every rule has accepted it.</summary>
internal sealed record PolicyTerms
{
    public required bool SkipValidation { get; init; }

    public required TlsVersionRange Versions { get; init; }

    /// <inheritdoc cref="OutboundTlsPolicy.VersionWithoutSuites"/>
    public required TlsVersion? VersionWithoutSuites { get; init; }

    public required IReadOnlyList<CipherSuiteInfo> CipherSuites { get; init; }

    public required IReadOnlyList<AlpnId> Alpn { get; init; }

    /// <inheritdoc cref="OutboundTlsPolicy.AlpnPlace"/>
    public required Place? AlpnPlace { get; init; }

    public required TrustAnchors? TrustAnchors { get; init; }

    public required bool TrustSystemCA { get; init; }

    public required ClientIdentity? ClientIdentity { get; init; }

    /// <inheritdoc cref="OutboundTlsPolicy.IdentityPlace"/>
    public required Place? IdentityPlace { get; init; }

    public required HostName? ServerName { get; init; }

    public required IReadOnlyList<ExpectedName> SubjectAltNames { get; init; }

    public required IReadOnlyList<SpkiPin> Pins { get; init; }

    public required TimeSpan DrainTimeout { get; init; }

    public required bool RequireMutualTls { get; init; }

    public required bool AllowPlainHttp { get; init; }

    /// <inheritdoc cref="OutboundTlsPolicy.WrittenSettings"/>
    public required IReadOnlyList<TlsPolicySetting> WrittenSettings { get; init; }

    public required IReadOnlyList<TlsPolicyDiagnostic> Diagnostics { get; init; }
}
