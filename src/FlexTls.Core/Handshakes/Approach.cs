using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace FlexTls;

/// <summary>
/// The terms on which a context meets a server: the client certificate, the validator, and the name to verify.
/// </summary>
internal sealed class Approach
{
    private readonly ClientOptions _options;
    private readonly HostName? _serverName;
    private readonly Resumption? _resumption;
    private readonly bool _resumesAlways;
    private readonly LoadedIdentity? _identity;
    private readonly bool _requiresMutual;
    private readonly TlsInstruments _instruments;
    private readonly string? _name;

    /// <param name="name">The name of the context.</param>
    /// <param name="terms">What the terms for all servers have in common.</param>
    /// <param name="identity">The client certificate; <see langword="null"/>: none.</param>
    /// <param name="validator">Judges servers; <see langword="null"/>: every server is accepted.</param>
    /// <param name="serverName">The name to send and verify; <see langword="null"/>: the host's.</param>
    /// <param name="failures">Makes the exceptions.</param>
    private Approach(
        string? name, CommonTerms terms, LoadedIdentity? identity, ServerCertificateValidator? validator,
        HostName? serverName, HandshakeFailures failures)
    {
        var offer = terms.Offer;
        (_name, _instruments, _identity) = (name, terms.Instruments, identity);
        _requiresMutual = terms.Effective.RequiresMutualTls && identity is not null;
        _options = new ClientOptions(offer.Versions, offer.Policy, identity?.Context, validator is null)
        {
            NeverResumes = _requiresMutual,
        };
        (Validator, _serverName, Failures) = (validator, serverName, failures);
        Handshake = new Handshake(terms.Effective, offer.Policy is not null, failures);
        _resumption = validator is not null && !_requiresMutual && Resumption.IsPossible(offer, identity)
            ? new Resumption(identity, terms.Clock, terms.Logger) : null;
        _resumesAlways = _resumption is not null && identity is null && offer.ResumesWhole;
    }

    /// <summary>Whether another server chose the host.</summary>
    private bool IsToRedirectTarget { get; init; }

    /// <summary><see langword="null"/> if the policy skips validation.</summary>
    public ServerCertificateValidator? Validator { get; }

    /// <summary>The exceptions for connections that cannot be made on these terms.</summary>
    public HandshakeFailures Failures { get; }

    /// <summary>Runs single handshakes.</summary>
    public Handshake Handshake { get; }

    /// <summary>Whether a server that asks for a client certificate gets one.</summary>
    public bool PresentsCertificate => _options.HasIdentity;

    /// <summary>The upstream of the policy.</summary>
    public static Approach ToUpstream(
        OutboundTlsPolicy policy, string? name, CommonTerms terms, LoadedIdentity? identity) => new(
        name, terms, identity,
        policy.DangerousSkipValidation ? null : ServerCertificateValidator.ForUpstream(policy, name, terms.Clock),
        policy.ServerHost,
        new HandshakeFailures(name, terms.Effective, PresentedIdentity.Of(policy, identity, terms.Clock)));

    /// <summary>
    /// A redirect target at another authority: it gets no client certificate and is always validated.
    /// </summary>
    public static Approach ToRedirectTarget(OutboundTlsPolicy policy, string? name, CommonTerms terms) => new(
        name, terms, identity: null, ServerCertificateValidator.ForRedirectTarget(policy, name, terms.Clock),
        serverName: null,
        new HandshakeFailures(
            name, terms.Effective,
            PresentedIdentity.None("none is presented after a redirect to another authority", terms.Clock)))
    {
        IsToRedirectTarget = true,
    };

    /// <summary>The name to send and verify for a connection to a host.</summary>
    /// <exception cref="ArgumentException">The host is empty or not a host name.</exception>
    public HostName NameFor(string host, string parameter = "host")
    {
        var connected = HostName.Parse(host, parameter);
        return _serverName ?? connected;
    }

    /// <summary>
    /// Authenticates the server of an end point. If it fails the offer that was chosen for it, or the session that it
    /// resumes is out of date, another connection is made.
    /// </summary>
    /// <param name="transport">The first connection. It is disposed if the call fails.</param>
    /// <param name="connect">Makes another connection.</param>
    /// <param name="endPoint">The end point.</param>
    /// <param name="offered">The application protocols to offer.</param>
    /// <param name="cancellationToken">Ends all attempts.</param>
    /// <param name="replaced">If it ends them, this says nothing of the server: the policy was replaced.</param>
    /// <exception cref="TlsHandshakeException">The handshake failed or the server was refused.</exception>
    // Pooled: a new connection allocates less.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamStream> AuthenticateAsync(
        Stream transport, Func<DnsEndPoint, CancellationToken, ValueTask<Stream>> connect, DnsEndPoint endPoint,
        IReadOnlyList<SslApplicationProtocol> offered, CancellationToken cancellationToken,
        CancellationToken replaced = default)
    {
        var host = NameFor(endPoint.Host);
        var offer = _resumption?.OfferFor(endPoint, host) ?? OfferKind.Whole;
        var measured = new MeasuredHandshake(_instruments, _name, endPoint.Host, IsToRedirectTarget);
        try
        {
            while (true)
            {
                var verification = new HandshakeVerification(
                    Validator, host, offer == OfferKind.Resuming ? _resumption!.NewestOf(endPoint) : null);
                try
                {
                    var stream = await RunAsync(transport, offer, offered, verification, cancellationToken)
                        .ConfigureAwait(false);
                    if (offer == OfferKind.Resuming)
                    {
                        // A server that resumes asks for no certificate (RFC 8446, section 4.3.2), but may judge the
                        // one that it has once more.
                        stream.Outcome.MayBeRefused = PresentsCertificate || !stream.Outcome.IsResumed;
                        stream.Outcome.MayHaveAsked = PresentsCertificate || _resumption!.MayAsk(endPoint);
                    }

                    if (_resumption?.Learn(endPoint, host, offer, stream) != false)
                    {
                        return Complete(stream, host, measured);
                    }

                    stream.CloseInBackground();
                    offer = OfferKind.InFull;
                }
                catch (TlsHandshakeException e) when (
                    _resumption?.AfterFailure(endPoint, offer, e, verification) is { } next)
                {
                    offer = next;
                }
                catch (OperationCanceledException) when (!replaced.IsCancellationRequested)
                {
                    _resumption?.AfterSilence(endPoint, offer, verification);
                    throw;
                }

                measured.Repeat();
                transport = await connect(endPoint, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (replaced.IsCancellationRequested)
        {
            measured.Abandon("handshake given up because the policy was replaced");
            throw;
        }
        catch (Exception e)
        {
            Fail(measured, e);
            throw;
        }
    }

    /// <summary>Authenticates a server over the only connection that there is.</summary>
    /// <exception cref="TlsHandshakeException">The handshake failed or the server was refused.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamStream> AuthenticateAsync(
        Stream transport, HostName host, IReadOnlyList<SslApplicationProtocol> offered,
        CancellationToken cancellationToken)
    {
        var measured = new MeasuredHandshake(_instruments, _name, host.Shown, IsToRedirectTarget);
        try
        {
            var stream = await RunAsync(
                transport, OfferWithoutRetry(host), offered, new(Validator, host), cancellationToken)
                .ConfigureAwait(false);
            return Complete(stream, host, measured);
        }
        catch (Exception e)
        {
            Fail(measured, e);
            throw;
        }
    }

    /// <summary>Records that a connection failed after its handshake, before any answer.</summary>
    /// <param name="endPoint">The end point; <see langword="null"/>: unknown.</param>
    /// <param name="outcome">What is known of the handshake.</param>
    public void NoteLateFailure(DnsEndPoint? endPoint, HandshakeOutcome outcome)
    {
        if (endPoint is not null)
        {
            _resumption?.AfterLateFailure(endPoint, NameFor(endPoint.Host), outcome);
        }
    }

    /// <summary>Options for one handshake that the context itself runs and judges.</summary>
    public SslClientAuthenticationOptions OwnOptions(
        OfferKind offer, IEnumerable<SslApplicationProtocol> offered, HandshakeVerification verification) =>
        _options.Create(
            offer, verification.Host.Text, offered, verification.CreateChainPolicy(), verification.Verify);

    /// <summary>Options for handshakes that other code runs: their chain policy is strict by itself.</summary>
    public void FillForeign(
        SslClientAuthenticationOptions options, HostName? host, X509ChainPolicy strict,
        RemoteCertificateValidationCallback verify) =>
        _options.Fill(options, host is null ? OfferKind.Whole : OfferWithoutRetry(host), host?.Text, strict, verify);

    /// <summary>If a policy allows TLS 1.3 alone, its offer is the one that resumes sessions.</summary>
    private OfferKind OfferWithoutRetry(HostName host) =>
        _resumesAlways && host.Address is null && PlatformSessions.MayResume(host.Text, identity: null)
            ? OfferKind.Resuming : OfferKind.Whole;

    private ValueTask<UpstreamStream> RunAsync(
        Stream transport, OfferKind offer, IReadOnlyList<SslApplicationProtocol> offered,
        HandshakeVerification verification, CancellationToken cancellationToken)
    {
        var options = OwnOptions(offer, offered, verification);
        verification.Request = offer == OfferKind.Whole ? CertificateRequestWatch.Over(options) : null;
        return Handshake.RunAsync(transport, options, verification, cancellationToken);
    }

    private static void Fail(MeasuredHandshake measured, Exception exception)
    {
        // A cancellation has the reason inside.
        var failure = exception as TlsHandshakeException ?? exception.InnerException as TlsHandshakeException;
        measured.Fail(failure?.Code ?? exception.GetType().FullName!, (failure ?? exception).Message);
    }

    private UpstreamStream Complete(UpstreamStream stream, HostName host, MeasuredHandshake measured)
    {
        var outcome = stream.Outcome;

        // With a client certificate, sessions of TLS 1.3 are resumed only if they are mutual.
        var isMutual = _identity is not null && (outcome.HasSentCertificate
            || (stream.SslProtocol == SslProtocols.Tls13 && outcome.IsResumed && !_requiresMutual));
        var negotiated = NegotiatedTls.Of(
            stream, outcome.Hello?.GroupName, outcome.Hello?.IsResumed, isMutual);
        if (_requiresMutual && !isMutual)
        {
            stream.CloseInBackground();
            throw Failures.NotMutual(host.Shown);
        }

        (outcome.Negotiated, outcome.Duration) = (negotiated, measured.Succeed(negotiated));
        return stream;
    }
}
