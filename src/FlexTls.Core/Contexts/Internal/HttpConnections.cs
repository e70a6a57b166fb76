using System.Net.Security;
using FlexTls.Diagnostics;

namespace FlexTls.Contexts;

/// <summary>
/// Connections of a <see cref="SocketsHttpHandler"/> that a context was applied to. The handler overwrites application
/// protocols and server name of its own handshakes, so its connect callback hands it streams that are authenticated
/// already.
/// </summary>
internal sealed class HttpConnections
{
    private readonly Func<ContextGeneration> _inForce;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpOffer _offer = new();

    private HttpConnections(Func<ContextGeneration> inForce, SocketsHttpHandler handler) =>
        (_inForce, _handler) = (inForce, handler);

    /// <param name="inForce">Gets the context's generation in force; throws when the context has ended.</param>
    /// <param name="handler">The handler.</param>
    public static void Attach(Func<ContextGeneration> inForce, SocketsHttpHandler handler)
    {
        if (handler.ConnectCallback is not null)
        {
            throw new InvalidOperationException("The handler has a ConnectCallback, which the TLS context would replace.");
        }

        // First: it throws when the context has ended.
        var refuses = inForce().Handshake.RefusingCallback();

        // The handler would treat a redirect target as the upstream, client certificate included.
        handler.AllowAutoRedirect = false;

        // TLS of the handler's own making, such as through a proxy, would take the server's name from the Host header
        // and the protocols from the request. It is refused, and has no client certificate that it could show.
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = refuses,
        };
        handler.ConnectCallback = new HttpConnections(inForce, handler).ConnectAsync;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connection, CancellationToken cancellationToken)
    {
        var generation = _inForce();
        var handshakes = new HttpHandshakes(generation);
        if (_handler.AllowAutoRedirect)
        {
            throw generation.Failures.Create(DiagnosticCodes.RedirectsOfFixedContext, connection.DnsEndPoint.Host,
                "AllowAutoRedirect was switched on after ApplyTo, "
                + "and the handler would treat a redirect target as the upstream.",
                "the line that switches it on can be left out");
        }

        // Read before the first await: a redirect may change the request under a pending attempt. Whom to trust comes
        // from the end point alone; the request only hints at what to offer.
        var endPoint = connection.DnsEndPoint;
        var request = connection.InitialRequestMessage;
        var isOurs = !request.IsForProxy() && request.IsTls() && request.IsFor(endPoint);
        if (!request.IsTls() && !generation.Policy.DangerousAllowPlainHttp)
        {
            // A message that asks a proxy for a tunnel comes from the pool, which writes the destination into its Host
            // header.
            throw request.IsForProxy() && _handler.UseProxy && request.Headers.Host is not null
                ? generation.Failures.ThroughProxy(endPoint.Host)
                : generation.Failures.PlainHttpRefused(request.RequestUri!);
        }

        var protocols = isOurs ? _offer.For(handshakes.Protocols, endPoint, request.Version, request.VersionPolicy) : [];

        var transport = await TcpConnector.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
        if (!isOurs)
        {
            return transport;
        }

        var stream = await handshakes
            .AuthenticateAsync(transport, endPoint.Host, protocols, isRedirectTarget: false, observer: null, cancellationToken)
            .ConfigureAwait(false);
        generation.Remember(stream);
        _offer.Learn(endPoint, protocols, stream.NegotiatedApplicationProtocol);
        return stream;
    }
}
