using System.Net.Security;
using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>
/// One loaded policy: an <see cref="OutboundTlsContext"/> uses it until another replaces it. Immutable, except for the
/// handshakes that it remembers. It is never disposed: running handshakes and options that were handed out use its
/// certificates, which are freed with the last of these.
/// </summary>
internal sealed class ContextGeneration
{
    private readonly TimeProvider _clock;
    private readonly Lazy<Approach> _redirectTarget;
    private volatile HandshakeRecord? _lastHandshake;

    public ContextGeneration(
        OutboundTlsPolicy policy,
        string? name,
        CipherOffer offer,
        LoadedIdentity? identity,
        IReadOnlyList<TlsPolicyDiagnostic> limitations,
        IReadOnlyList<TlsPolicyDiagnostic> diagnostics,
        TimeProvider clock,
        ILogger logger,
        TlsInstruments instruments)
    {
        (Policy, Name, Diagnostics, CipherSuitesPolicy, _clock) = (policy, name, diagnostics, offer.Policy, clock);
        Alpn = [.. policy.Alpn.Where(id => id != "h2" || offer.Versions.Max >= TlsVersion.Tls12).Select(
            id => new SslApplicationProtocol(id))];
        Effective = Settings(policy, offer, identity, limitations);
        var terms = new CommonTerms(offer, Effective, clock, logger, instruments);
        Upstream = Approach.ToUpstream(policy, name, terms, identity);
        _redirectTarget = new Lazy<Approach>(() => Approach.ToRedirectTarget(policy, name, terms));
    }

    public string? Name { get; }

    public OutboundTlsPolicy Policy { get; }

    public IReadOnlyList<TlsPolicyDiagnostic> Diagnostics { get; }

    public CipherSuitesPolicy? CipherSuitesPolicy { get; }

    public EffectiveTlsSettings Effective { get; }

    public IReadOnlyList<SslApplicationProtocol> Alpn { get; }

    /// <summary>The terms for the server of the policy.</summary>
    public Approach Upstream { get; }

    /// <summary>The terms for a server: the upstream, or a redirect target at another authority.</summary>
    public Approach ApproachTo(bool isRedirectTarget) =>
        isRedirectTarget ? _redirectTarget.Value : Upstream;

    /// <summary>The exceptions for connections that cannot be made under the policy.</summary>
    public HandshakeFailures Failures => Upstream.Failures;

    /// <summary>
    /// Why a connection whose TLS other code makes is refused; <see langword="null"/>: it is not.
    /// </summary>
    public TlsHandshakeException? FaultOfForeign(HostName host) =>
        !host.IsForForeignStreams ? Failures.HostOutsideIdna(host)
        : Policy.RequireMutualTls ? Failures.MutualNotVerifiable(host.Shown)
        : null;

    /// <summary>The last successful handshake with the upstream; <see langword="null"/>: none yet.</summary>
    public HandshakeRecord? LastHandshake => _lastHandshake;

    /// <summary>Remembers a handshake with the upstream.</summary>
    public void Remember(HandshakeOutcome outcome)
    {
        var now = _clock.GetUtcNow();
        HandshakeRecord? last;
        HandshakeRecord next;
        do
        {
            // A server presents nothing when it resumes a session; its certificate may have changed since.
            last = _lastHandshake;
            var presented = outcome.IsResumed && last is not null ? last.Presented : outcome.Presented;
            next = new HandshakeRecord(now, outcome.Duration, outcome.Negotiated!, presented);
        }
        while (Interlocked.CompareExchange(ref _lastHandshake, next, last) != last);
    }

    /// <summary>Judges again the certificates that the server of a connection presented.</summary>
    /// <param name="presented">The certificates.</param>
    /// <param name="host">The host of the connection.</param>
    /// <param name="isRedirectTarget">
    /// Whether the server is a redirect target at another authority rather than the upstream.
    /// </param>
    public ServerCertificateValidationResult Judge(PresentedChain presented, string host, bool isRedirectTarget)
    {
        var approach = ApproachTo(isRedirectTarget);
        return approach.Validator is { } validator
            ? validator.Validate(presented, approach.NameFor(host))
            : ServerCertificateValidationResult.Accepted;
    }

    private EffectiveTlsSettings Settings(OutboundTlsPolicy policy, CipherOffer offer, LoadedIdentity? identity,
        IReadOnlyList<TlsPolicyDiagnostic> limitations) => new()
        {
            MinVersion = offer.Versions.Min,
            MaxVersion = offer.Versions.Max,
            VersionWithoutSuites = offer.Versions.Min == policy.Versions.Min ? policy.VersionWithoutSuites : null,
            CipherSuites = offer.Suites,
            KeyExchangeGroups = offer.Groups,
            Alpn = [.. Alpn.Select(protocol => protocol.ToString())],
            AlpnShown = policy.AlpnShown,
            ServerName = policy.ServerHost?.Shown,
            ValidatesServerCertificate = !policy.DangerousSkipValidation,
            AllowsPlainHttp = policy.DangerousAllowPlainHttp,
            TrustedCAs = policy.TrustAnchors?.Summaries ?? [],
            TrustsSystemCAs = !policy.DangerousSkipValidation && (policy.TrustAnchors is null || policy.TrustSystemCA),
            ExpectedNames = policy.DangerousSkipValidation ? [] : policy.ExpectedNames,
            PinnedKeys = policy.DangerousSkipValidation ? [] : policy.PinnedKeys,
            ClientCertificate = identity?.Summary,
            RequiresMutualTls = policy.RequireMutualTls,
            ResumesSessions = !policy.DangerousSkipValidation && !policy.RequireMutualTls
                && Resumption.IsPossible(offer, identity),
            Limitations = limitations,
        };
}
