using System.Net.Security;

namespace FlexTls;

/// <summary>Handshakes of a context for the connections of an HTTP handler.</summary>
internal sealed class HttpHandshakes(ContextGeneration context)
{
    /// <summary>The application protocols to choose from.</summary>
    public OfferedProtocols Protocols { get; } = new(context);

    /// <summary>Authenticates a server for an HTTP connection. The transport is disposed if the call fails.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="host">The connected host.</param>
    /// <param name="offered">A part of the policy's application protocols.</param>
    /// <param name="isRedirectTarget">Whether the server is a redirect target at another authority, and not the
    /// upstream.</param>
    /// <param name="observer">Follows the connection to its end; may be <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the handshake.</param>
    public async ValueTask<UpstreamStream> AuthenticateAsync(
        Stream transport, string host, IReadOnlyList<SslApplicationProtocol> offered,
        bool isRedirectTarget, IConnectionObserver? observer, CancellationToken cancellationToken)
    {
        Stream owner = transport;
        try
        {
            var approach = context.ApproachTo(isRedirectTarget);
            var verification = new HandshakeVerification(approach.Validator, approach.NameFor(host));
            var options = approach.OwnOptions(offered, verification);
            var certificateRequest = CertificateRequestWatch.Over(options);
            var handshake = isRedirectTarget ? context.RedirectHandshake : context.Handshake;
            var stream = await handshake.RunAsync(transport, options, verification, cancellationToken)
                .ConfigureAwait(false);
            owner = stream;
            CheckIsHttp(stream, host);
            var failures = isRedirectTarget ? context.RedirectFailures : context.Failures;
            Observe(stream, host, observer, certificateRequest.MayHaveAsked, failures);
            return stream;
        }
        catch
        {
            owner.CloseInBackground();
            throw;
        }
    }

    /// <summary>
    /// A policy may list protocols other than HTTP; a server that chooses one is of no use to an HTTP client.
    /// </summary>
    private void CheckIsHttp(SslStream stream, string host)
    {
        var negotiated = stream.NegotiatedApplicationProtocol;
        if (!negotiated.Protocol.IsEmpty && negotiated != SslApplicationProtocol.Http2
            && negotiated != SslApplicationProtocol.Http11)
        {
            throw context.Failures.ApplicationProtocolRefused(host, negotiated.ToString());
        }
    }

    private static void Observe(
        UpstreamStream stream, string host, IConnectionObserver? observer, bool mayBeRefused,
        HandshakeFailures ofServer)
    {
        if (observer is not null)
        {
            stream.ReportTo(observer);
        }

        stream.ExpectRenegotiation(e => Refused(ofServer.RenegotiationWanted(host, e)));

        // In TLS 1.3 every server judges the client certificate after the handshake; in TLS 1.2 some do, such as
        // .NET's.
        if (mayBeRefused)
        {
            // A server that asked for a certificate has no better reason to close a connection without an answer.
            stream.ExpectLateRefusal(
                e => Refused(ofServer.TranslateLate(host, e) ?? ofServer.ClosedBeforeAnswer(host, e)),
                holdFirstWrite: stream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2);
        }

        HttpIOException Refused(TlsHandshakeException refusal)
        {
            observer?.Refused(refusal);
            return new HttpIOException(HttpRequestError.SecureConnectionError, refusal.Message, refusal);
        }
    }
}
