using System.Net;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>
/// Decides the offer to each server: after a server has negotiated TLS 1.3, TLS 1.3 alone is offered to it, without a
/// cipher suites policy, so that the platform can resume a session. If such an offer fails where the whole one may
/// succeed, the caller connects again.
/// </summary>
internal sealed class Resumption(LoadedIdentity? identity, TimeProvider clock, ILogger logger)
{
    private readonly LearnedServers _servers = new(clock);

    /// <summary>Whether sessions can be resumed under an offer and a client certificate.</summary>
    /// <remarks>
    /// A session has the client's certificate without the CAs that were sent with it, and .NET's servers build its
    /// chain again when they resume one: they refuse the client then.
    /// </remarks>
    public static bool IsPossible(CipherOffer offer, LoadedIdentity? identity) =>
        offer.CanResume && identity is not { SendsIntermediates: true };

    /// <summary>The offer for the first attempt of a connection.</summary>
    public OfferKind OfferFor(DnsEndPoint endPoint, HostName host)
    {
        // The platform resumes no session with an IP address.
        if (host.Address is not null || !_servers.SpeakTls13(endPoint)
            || !PlatformSessions.MayResume(host.Text, identity))
        {
            return OfferKind.Whole;
        }

        HeldSession.Keep(identity);
        return _servers.TakeFull(endPoint) ? OfferKind.InFull : OfferKind.Resuming;
    }

    /// <summary>
    /// What the certificate of a resumed session must be; <see langword="null"/>: any that is accepted.
    /// </summary>
    public PresentedChain? NewestOf(DnsEndPoint endPoint) => _servers.NewestOf(endPoint);

    /// <summary>Whether the server may ask for a client certificate when it does not resume.</summary>
    public bool MayAsk(DnsEndPoint endPoint) => _servers.MayAsk(endPoint);

    /// <summary>Learns from a handshake that succeeded.</summary>
    /// <returns>
    /// Whether the stream may be used: a resumed session must come from a handshake of the same kind.
    /// </returns>
    public bool Learn(DnsEndPoint endPoint, HostName host, OfferKind offer, UpstreamStream stream)
    {
        if (stream.SslProtocol != SslProtocols.Tls13)
        {
            return true;
        }

        if (stream.Outcome.IsResumed)
        {
            // Another connection may have met the server without the certificate meanwhile.
            return PlatformSessions.MayResume(host.Text, identity);
        }

        var isMutual = identity is null || stream.Outcome.HasSentCertificate;
        if (offer == OfferKind.Whole && isMutual)
        {
            _servers.Learn(endPoint, stream.Outcome.MayHaveAsked);
        }
        else if (!isMutual && offer == OfferKind.Resuming)
        {
            PlatformSessions.Distrust(host.Text, identity!);
        }

        _servers.Presented(endPoint, stream.Outcome.Presented);
        return true;
    }

    /// <summary>The offer for another attempt after a failure; <see langword="null"/>: the failure is final.</summary>
    public OfferKind? AfterFailure(
        DnsEndPoint endPoint, OfferKind offer, TlsHandshakeException failure, HandshakeVerification verification)
    {
        if (offer == OfferKind.Whole)
        {
            return null;
        }

        if (verification.Hello is { IsResumed: true })
        {
            if (!verification.WasCalled && failure.Code == DiagnosticCodes.ValidatorNotCalled)
            {
                PlatformSessions.SwitchOff(logger);
                return OfferKind.Whole;
            }

            if (verification.IsOutdated)
            {
                _servers.FoundOutdated(endPoint);
                return OfferKind.InFull;
            }

            // It shows the certificate of the time when it was made.
            return verification.Result is { IsValid: false } ? OfferKind.InFull : null;
        }

        if (failure.Code == DiagnosticCodes.HandshakeNotFinished)
        {
            AfterSilence(endPoint, offer, verification);
            return null;
        }

        if (verification.WasCalled || failure.ServerCertificate is not null)
        {
            // Sessions from before must not hide that the server's newest certificate is refused.
            _servers.Forget(endPoint);
            return null;
        }

        _servers.Unlearn(endPoint, wasClosed: failure.Code == DiagnosticCodes.ConnectionClosed);
        return OfferKind.Whole;
    }

    /// <summary>Records that a handshake was given up; the server may have ignored an offer of TLS 1.3 alone.</summary>
    public void AfterSilence(DnsEndPoint endPoint, OfferKind offer, HandshakeVerification verification)
    {
        if (offer != OfferKind.Whole && verification.Hello is null)
        {
            _servers.Unlearn(endPoint, wasClosed: true);
        }
    }

    /// <summary>
    /// Records that a connection failed before any answer: the server may have refused the client, or ask for a
    /// certificate now.
    /// </summary>
    public void AfterLateFailure(DnsEndPoint endPoint, HostName host, HandshakeOutcome outcome)
    {
        _servers.Forget(endPoint);
        if (identity is not null && outcome.IsResumed)
        {
            PlatformSessions.Distrust(host.Text, identity);
        }
    }
}
