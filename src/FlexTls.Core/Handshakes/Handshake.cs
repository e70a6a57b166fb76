using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace FlexTls;

/// <summary>
/// One handshake from transport to stream. It returns a stream only if the validator has run for it and accepted, and
/// the negotiated parameters are within the offer; otherwise, for whatever reason, it closes the stream.
/// </summary>
/// <param name="effective">What is offered.</param>
/// <param name="choosesCipherSuites">Whether the platform offers the suites of the policy and no others.</param>
/// <param name="failures">Makes the exceptions.</param>
/// <param name="authenticate">Runs the handshake; <see langword="null"/>: the platform does.</param>
internal sealed class Handshake(
    EffectiveTlsSettings effective,
    bool choosesCipherSuites,
    HandshakeFailures failures,
    Func<SslStream, SslClientAuthenticationOptions, CancellationToken, Task>? authenticate = null)
{
    // Pooled: a new connection allocates less.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamStream> RunAsync(
        Stream transport, SslClientAuthenticationOptions options, HandshakeVerification verification,
        CancellationToken cancellationToken)
    {
        var watch = new AnswerWatch(transport);
        var stream = new UpstreamStream(watch);
        var trace = watch.Trace;
        (verification.Trace, verification.CancellationToken) = (trace, cancellationToken);
        try
        {
            await (authenticate?.Invoke(stream, options, cancellationToken)
                ?? stream.AuthenticateAsClientAsync(options, cancellationToken)).ConfigureAwait(false);
            Check(stream, options, verification);
            var mayHaveAsked = verification.Request?.MayHaveAsked ?? true;
            stream.Outcome = new HandshakeOutcome(verification.Presented, trace.Hello, trace.HasSentCertificate)
            {
                MayBeRefused = mayHaveAsked,
                MayHaveAsked = mayHaveAsked,
            };
            return stream;
        }
        catch (Exception e) when (e is not TlsHandshakeException)
        {
            await stream.CloseAsync(cancellationToken).ConfigureAwait(false);
            throw cancellationToken.IsCancellationRequested
                ? Canceled(verification.Host, cancellationToken)
                : Failure(e, verification, trace.Answer);
        }
        catch
        {
            await stream.CloseAsync(cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Prepares the stream for a server that judges the client certificate after the handshake, or asks for one only
    /// then: its refusal gets a reason.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="host">The host.</param>
    /// <param name="failed">Is called if the connection ends before any answer.</param>
    public void ExpectLateRefusal(UpstreamStream stream, string host, Action failed)
    {
        stream.ExpectRenegotiation(e => InTransport(failures.RenegotiationWanted(host, e)));
        if (stream.SslProtocol == SslProtocols.Tls13)
        {
            stream.ExpectLateRefusal(
                e =>
                {
                    failed();
                    return failures.TranslateLate(host, e) is { } refusal ? InTransport(refusal) : null;
                },
                holdFirstWrite: false, mayReadFirst: true);
        }

        static IOException InTransport(TlsHandshakeException reason) => new(reason.Message, reason);
    }

    /// <summary>
    /// The callback for streams that other code authenticates. It throws instead of returning false, because the
    /// platform would replace the reason with a text of its own; in both cases the handshake fails.
    /// </summary>
    public RemoteCertificateValidationCallback ThrowingCallback(ServerCertificateValidator? validator, HostName host) =>
        (sender, certificate, chain, _) =>
        {
            var verdict = validator is null
                ? ServerCertificateValidationResult.Accepted
                : PresentedCertificate.Judge(validator, certificate, chain, host);
            if (!verdict.IsValid)
            {
                throw failures.CertificateRefused(host.Shown, verdict, inner: null);
            }

            // Libraries that wrap a stream may pass any sender.
            if (sender is SslStream stream)
            {
                CheckCipherSuite(stream, host.Shown);
            }
            else if (!choosesCipherSuites)
            {
                throw failures.Create(DiagnosticCodes.CipherOutsidePolicy, host.Shown,
                    "the negotiated cipher suite cannot be determined, and on this platform it may be outside the "
                    + "policy.");
            }

            return verdict.IsValid;
        };

    private OperationCanceledException Canceled(HostName host, CancellationToken cancellationToken) =>
        new("The handshake was canceled.", failures.NotFinished(host.Shown), cancellationToken);

    /// <summary>Translates an exception of the platform or the transport.</summary>
    private TlsHandshakeException Failure(Exception exception, HandshakeVerification verification, FirstAnswer? answer)
    {
        var host = verification.Host.Shown;

        // .NET 11 wraps exceptions from building the chain.
        var thrown = exception is AuthenticationException { InnerException: CryptographicException inner }
            ? inner
            : exception;
        return (thrown, verification.Result) switch
        {
            // The platform reads the chain before it calls the validator, and throws if it cannot.
            (CryptographicException e, _) =>
                failures.CertificateRefused(host, new([UnbuiltChain.FailureOf(e)], []), e),
            (_, { IsValid: false } refused) => failures.CertificateRefused(host, refused, exception),
            // The transport gave up, not the caller.
            (OperationCanceledException, _) => failures.NotFinished(host, exception),
            _ => failures.Translate(host, exception, answer),
        };
    }

    private void Check(SslStream stream, SslClientAuthenticationOptions options, HandshakeVerification verification)
    {
        var host = verification.Host.Shown;
        if (!verification.Accepted)
        {
            throw verification.Result is { IsValid: false } refused
                ? failures.CertificateRefused(host, refused, inner: null)
                : failures.Create(
                    DiagnosticCodes.ValidatorNotCalled, host,
                    "the server's certificate was not validated, so the connection is closed.");
        }

        if ((options.EnabledSslProtocols & stream.SslProtocol) == SslProtocols.None)
        {
            throw failures.Create(
                DiagnosticCodes.VersionOutsidePolicy, host,
                $"the negotiated version {stream.SslProtocol} is outside the policy.");
        }

        CheckCipherSuite(stream, host);
        CheckApplicationProtocol(stream.NegotiatedApplicationProtocol, options.ApplicationProtocols ?? [], host);
    }

    /// <summary>
    /// If the platform cannot choose the offered suites, only this check keeps a connection within the policy.
    /// </summary>
    private void CheckCipherSuite(SslStream stream, string host)
    {
        if (!effective.CipherSuites.Contains(stream.NegotiatedCipherSuite))
        {
            throw failures.Create(
                DiagnosticCodes.CipherOutsidePolicy, host,
                $"the negotiated cipher suite {stream.NegotiatedCipherSuite} is outside the policy.");
        }
    }

    /// <summary>A server that does not answer ALPN speaks HTTP/1.1.</summary>
    private void CheckApplicationProtocol(
        SslApplicationProtocol negotiated, List<SslApplicationProtocol> offered, string host)
    {
        var isAnswered = !negotiated.Protocol.IsEmpty;
        var isAccepted = isAnswered
            ? offered.Contains(negotiated)
            : offered.Count == 0 || offered.Contains(SslApplicationProtocol.Http11);
        if (!isAccepted)
        {
            throw failures.ApplicationProtocolRefused(host, negotiated.ToString());
        }
    }
}
