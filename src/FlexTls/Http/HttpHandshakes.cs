using System.Net;
using System.Net.Security;
using System.Runtime.CompilerServices;

namespace FlexTls;

/// <summary>Handshakes of a context for the connections of an HTTP handler.</summary>
internal sealed class HttpHandshakes(ContextGeneration context)
{
    /// <summary>The application protocols to choose from.</summary>
    public OfferedProtocols Protocols { get; } = new(context);

    /// <summary>Authenticates a server for an HTTP connection. The transport is disposed if the call fails.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="connect">Makes another transport, if the first attempt must be repeated.</param>
    /// <param name="endPoint">The connected end point.</param>
    /// <param name="offered">A part of the policy's application protocols.</param>
    /// <param name="isRedirectTarget">Whether the server is a redirect target at another authority, and not the
    /// upstream.</param>
    /// <param name="observer">Follows the connection to its end; may be <see langword="null"/>.</param>
    /// <param name="cancellationToken">Ends the handshake.</param>
    /// <param name="replaced">Canceled if the policy is replaced.</param>
    // Pooled: a new connection allocates less.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamStream> AuthenticateAsync(
        Stream transport, Func<DnsEndPoint, CancellationToken, ValueTask<Stream>> connect, DnsEndPoint endPoint,
        IReadOnlyList<SslApplicationProtocol> offered, bool isRedirectTarget, IConnectionObserver? observer,
        CancellationToken cancellationToken, CancellationToken replaced)
    {
        Stream owner = transport;
        try
        {
            var approach = context.ApproachTo(isRedirectTarget);
            var stream = await approach.AuthenticateAsync(
                transport, connect, endPoint, offered, cancellationToken, replaced).ConfigureAwait(false);
            owner = stream;
            CheckIsHttp(stream, endPoint.Host);
            Observe(stream, endPoint, observer, approach);
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
        UpstreamStream stream, DnsEndPoint endPoint, IConnectionObserver? observer, Approach approach)
    {
        var outcome = stream.Outcome;
        var isHttp2 = stream.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2;
        var failures = new LateFailures(
            approach.Failures, endPoint.Host, isHttp2, outcome.MayHaveAsked, observer);
        if (observer is not null)
        {
            stream.ReportTo(observer);
        }

        stream.ExpectRenegotiation(failures.RenegotiationWanted);

        // In TLS 1.3 every server judges the client certificate after the handshake; in TLS 1.2 some do, such as
        // .NET's.
        if (outcome.MayBeRefused)
        {
            stream.ExpectLateRefusal(ExplainFailure, holdFirstWrite: outcome.MayHaveAsked && isHttp2);
        }

        HttpIOException? ExplainFailure(IOException? failure)
        {
            approach.NoteLateFailure(endPoint, outcome);
            return failures.Explain(failure);
        }
    }
}
