using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>Creates TLS contexts from policies. Thread-safe; owns nothing.</summary>
public sealed class TlsContextFactory
{
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly PlatformCapabilities _platform;
    private readonly TlsInstruments _instruments;
    private readonly SharedValues<CipherOffer> _offers = new();

    /// <summary>Creates a factory.</summary>
    /// <param name="timeProvider">The clock for judging certificates. Default: the system's.</param>
    /// <param name="loggerFactory">Receives warnings and weakened settings, once per context. Default: no log.</param>
    public TlsContextFactory(TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
        : this(timeProvider, loggerFactory, PlatformCapabilities.Current)
    {
    }

    internal TlsContextFactory(TimeProvider? timeProvider, ILoggerFactory? loggerFactory, PlatformCapabilities platform)
        : this(
            timeProvider ?? TimeProvider.System, platform, SafeLogger.Create(loggerFactory, LogCategories.Policies),
            TlsInstruments.Default)
    {
    }

    internal TlsContextFactory(
        TimeProvider clock, PlatformCapabilities platform, ILogger logger, TlsInstruments instruments) =>
        (_clock, _logger, _platform, _instruments) = (clock, logger, platform, instruments);

    /// <summary>Creates a context from a policy: loads its certificates and settings.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="name">The upstream's name for messages and logs, which show it on one line. Default: none.</param>
    /// <returns>The context.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="policy"/> is <see langword="null"/>.</exception>
    /// <exception cref="TlsPolicyException">This platform cannot offer anything that the policy asks for.</exception>
    public OutboundTlsContext Create(OutboundTlsPolicy policy, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new OutboundTlsContext(CreateGeneration(policy, name is null ? null : Text.OneLine(name)));
    }

    /// <exception cref="TlsPolicyException">This platform cannot offer anything that the policy asks for.</exception>
    internal ContextGeneration CreateGeneration(OutboundTlsPolicy policy, string? name)
    {
        var context = Prepare(policy, name);
        Announce(context);
        return context;
    }

    /// <summary>Logs the findings about a generation that is put in force.</summary>
    internal void Announce(ContextGeneration context) => ContextLog.Created(_logger, _instruments, context);

    /// <summary>Creates a generation, which may never be put in force.</summary>
    /// <exception cref="TlsPolicyException">This platform cannot offer anything that the policy asks for.</exception>
    internal ContextGeneration Prepare(OutboundTlsPolicy policy, string? name)
    {
        var diagnostics = new DiagnosticList();
        var place = new Place(name is null ? "policy" : $"upstream '{name}'");
        var offer = _offers.GetOrMake(
            [policy.Versions.ToString(), string.Join(':', policy.CipherSuites.Select(suite => suite.Name))],
            diagnostics, found => CipherOffer.Create(policy, _platform, place, found));
        if (offer is null)
        {
            throw new TlsPolicyException(diagnostics.InFileOrder());
        }

        var limitations = diagnostics.InFileOrder();
        WarnAboutDates(policy, place, diagnostics);
        WarnAboutSystemTrust(policy, place, diagnostics);
        ChainWarmUp.Begin();
        var identity = Load(policy, place, diagnostics);
        return new ContextGeneration(
            policy, name, offer, identity, limitations, diagnostics.InFileOrder(), _clock, _logger,
            _instruments);
    }

    /// <summary>
    /// The client certificate. It is presented only to servers that are validated; otherwise the policy's own stays
    /// unused.
    /// </summary>
    private static LoadedIdentity? Load(OutboundTlsPolicy policy, Place place, DiagnosticList diagnostics)
    {
        if (policy.ClientIdentity is not { } identity || policy.DangerousSkipValidation)
        {
            return null;
        }

        try
        {
            return LoadedIdentity.Of(identity);
        }
        catch (Exception e) when (e is CryptographicException or NotSupportedException or ArgumentException)
        {
            var at = policy.IdentityPlace ?? place;
            diagnostics.Error(DiagnosticCodes.IdentityNotUsable, at,
                $"{at.Path}: the platform cannot use the client certificate '{NameText.OfSubject(identity.Leaf)}', "
                + $"or one that is sent with it ({Text.OneLine(e.Message).TrimEnd('.')}); have it issued again.");
            throw new TlsPolicyException(diagnostics.InFileOrder());
        }
    }

    private static void WarnAboutSystemTrust(OutboundTlsPolicy policy, Place place, DiagnosticList diagnostics)
    {
        var isTrusted = !policy.DangerousSkipValidation && (!policy.HasTrustedCA || policy.TrustSystemCA);
        if (isTrusted && SystemRoots.Current.IsEmpty)
        {
            var effect = policy.HasTrustedCA ? "so only trustedCA counts" : "so no server is accepted";
            diagnostics.Warning(DiagnosticCodes.NoSystemTrust, place,
                $"{place.Path}: the operating system's trust store has no certificates, {effect}; "
                + "install them (ca-certificates in most containers), or list the CAs in trustedCA.");
        }
    }

    private void WarnAboutDates(OutboundTlsPolicy policy, Place place, DiagnosticList diagnostics)
    {
        var now = _clock.GetUtcNow();
        foreach (var anchor in policy.TrustAnchors?.Certificates ?? [])
        {
            if (anchor.DateProblem(now) is { } problem)
            {
                diagnostics.Warning(DiagnosticCodes.TrustAnchorNotInDate, place,
                    $"{place.Path}: trusted CA '{NameText.Of(anchor.Subject)}' {problem}; "
                    + "no chain through it is accepted.");
            }
        }

        if (policy.ClientIdentity is { } identity
            && DecodedCertificate.Of(identity.Leaf).DateProblem(now) is { } expired)
        {
            diagnostics.Warning(DiagnosticCodes.IdentityNotInDate, place,
                $"{place.Path}: client certificate '{NameText.OfSubject(identity.Leaf)}' "
                + $"{expired}; servers will probably refuse it.");
        }
    }
}
