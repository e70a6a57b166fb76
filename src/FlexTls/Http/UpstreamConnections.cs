using System.Net.Security;

namespace FlexTls;

/// <summary>
/// The connections of one handler. This class makes TLS to the upstream, before the pool sees the connection, so that
/// the offer, the server name and the client certificate on the wire are the policy's. The pool makes TLS through a
/// proxy, with options that are strict in themselves.
/// </summary>
internal sealed class UpstreamConnections
{
    private readonly HandlerBlueprint _blueprint;
    private readonly UpstreamGeneration _generation;
    private readonly bool _isForRedirectTargets;
    private readonly ConnectionOffer _offer;
    private readonly Transports _transports;
    private readonly RecentCount _attempts = new();
    private volatile bool _isDisposed;

    /// <param name="blueprint">The parts of the handler.</param>
    /// <param name="generation">
    /// The generation of the handler. Each connection belongs to the generation in force when it is made.
    /// </param>
    /// <param name="isForRedirectTargets">Whether the servers are redirect targets at other authorities.</param>
    public UpstreamConnections(HandlerBlueprint blueprint, UpstreamGeneration generation, bool isForRedirectTargets)
    {
        (_blueprint, _generation, _isForRedirectTargets) = (blueprint, generation, isForRedirectTargets);
        Tunnels = new Tunnels(
            blueprint, generation, new OpenTunnels(blueprint.Upstream, generation), isForRedirectTargets);
        _transports = new Transports(blueprint, generation.Context.Failures);
        _offer = new ConnectionOffer(blueprint, generation, _transports);
    }

    /// <summary>The connections through proxies.</summary>
    public Tunnels Tunnels { get; }

    /// <summary>Knows whether servers may still refuse connections.</summary>
    public ConnectionWatch Watch { get; } = new();

    /// <summary>Whether the handler is disposed; requests under way continue then.</summary>
    public bool IsDisposed { get => _isDisposed; set => _isDisposed = value; }

    /// <summary>
    /// Options for a handler that connects directly. It gets finished streams; if it makes TLS itself, the request of
    /// that connection was changed meanwhile, and it must neither present a certificate nor trust any server.
    /// </summary>
    public SslClientAuthenticationOptions NoOptions() => new()
    {
        RemoteCertificateValidationCallback =
            (sender, _, _, _) => throw StaleAttempt(((SslStream)sender).TargetHostName),
    };

    /// <summary>
    /// Whether a request may have waited for a connection, or on one, at any time since the last call.
    /// </summary>
    public bool WasBusy() => _attempts.WasAny() | Tunnels.HadWaiting() | Watch.HadWaiting();

    /// <summary>Whether one may be kept alive with pings; of tunnels, the protocol is not known.</summary>
    public bool SendsPings => _blueprint.SendsPings && (Watch.HasHttp2 || Tunnels.HasAny);

    /// <summary>Gives up the connections that are being made.</summary>
    public void GiveUp() => _transports.GiveUp();

    /// <summary>The connect callback of a handler without a proxy.</summary>
    public ValueTask<Stream> ConnectDirectlyAsync(
        SocketsHttpConnectionContext connection, CancellationToken cancellationToken) =>
        CountAsync(ConnectToServerAsync, connection, cancellationToken);

    /// <summary>The connect callback of a handler that makes all its connections through proxies.</summary>
    public ValueTask<Stream> ConnectToProxyAsync(
        SocketsHttpConnectionContext connection, CancellationToken cancellationToken) =>
        CountAsync(ConnectTunnelAsync, connection, cancellationToken);

    private async ValueTask<Stream> CountAsync(
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect,
        SocketsHttpConnectionContext connection, CancellationToken cancellationToken)
    {
        _attempts.Begin();
        try
        {
            return await connect(connection, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _attempts.End();
        }
    }

    private async ValueTask<Stream> ConnectTunnelAsync(
        SocketsHttpConnectionContext connection, CancellationToken cancellationToken)
    {
        // Read before the first await: a caller may give up a message and change it while the attempt goes on.
        var request = connection.InitialRequestMessage;
        var destination = Tunnels.Check(request);
        var alpn = _generation.Context.Alpn;

        // Through an HTTP proxy, this message is the CONNECT; the version of the request itself is unknown here.
        if (_isDisposed && destination is { } server && alpn.Contains(SslApplicationProtocol.Http2)
            && (_blueprint.SendsSeveralTimes || !alpn.Contains(SslApplicationProtocol.Http11)
                || OfferedProtocols.IsHttp2Possible(request.Version, request.VersionPolicy)))
        {
            throw _transports.Closed(server.Host);
        }

        if (destination is not { } tunneled)
        {
            return await ConnectPlainAsync(connection, cancellationToken).ConfigureAwait(false);
        }

        var transport = await _transports.ConnectAsync(connection, isOfHandler: true, cancellationToken)
            .ConfigureAwait(false);
        return Tunnels.Add(transport, tunneled);
    }

    /// <summary>Connects for a request without TLS.</summary>
    private async ValueTask<Stream> ConnectPlainAsync(
        SocketsHttpConnectionContext connection, CancellationToken cancellationToken)
    {
        // Read before the first await, as above.
        var (peer, request) = (Authority.Of(connection.DnsEndPoint), connection.InitialRequestMessage);
        var address = request.RequestUri!;
        if (_isDisposed && request.IsHttp2WithoutTls())
        {
            throw _transports.Closed(peer.Host);
        }

        var transport = await _transports.ConnectAsync(connection, isOfHandler: true, cancellationToken)
            .ConfigureAwait(false);
        return Tunnels.AddPlain(transport, peer, address);
    }

    private async ValueTask<Stream> ConnectToServerAsync(
        SocketsHttpConnectionContext connection, CancellationToken cancellationToken)
    {
        // Read before the first await: a caller may give up a message and change it while the attempt goes on. The end
        // point and the role of the pool decide which server to trust; the message is only a hint for the offer.
        var (endPoint, request) = (connection.DnsEndPoint, connection.InitialRequestMessage);
        var (version, versionPolicy) = (request.Version, request.VersionPolicy);
        if (!request.IsFor(endPoint))
        {
            // The request of this attempt was given up, and its message sent elsewhere: nobody awaits this.
            throw StaleAttempt(endPoint.Host);
        }

        if (!request.IsTls())
        {
            return await ConnectPlainAsync(connection, cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            var stream = await TryConnectAsync(connection, version, versionPolicy, cancellationToken)
                .ConfigureAwait(false);
            if (stream is not null)
            {
                return stream;
            }
        }
    }

    /// <summary>Connects once; <see langword="null"/>: the policy was replaced during the handshake.</summary>
    private async ValueTask<UpstreamStream?> TryConnectAsync(
        SocketsHttpConnectionContext connection, Version version, HttpVersionPolicy versionPolicy,
        CancellationToken cancellationToken)
    {
        var (endPoint, upstream) = (connection.DnsEndPoint, _blueprint.Upstream);
        if (_isDisposed)
        {
            // Before the transport is made, too: requests in a queue would each wait for one.
            _offer.For(new OfferedProtocols(upstream.Current.Context), endPoint, version, versionPolicy, _isDisposed);
        }

        var observer = Watch.Begin(upstream.Log, endPoint, _isForRedirectTargets);
        var (generation, givenUp) = (default(UpstreamGeneration), CancellationToken.None);
        try
        {
            var transport = await _transports.ConnectAsync(connection, isOfHandler: false, cancellationToken)
                .ConfigureAwait(false);

            // A request may have waited here since before a replacement; the generation in force is its own.
            generation = upstream.Current;
            var handshakes = new HttpHandshakes(generation.Context);
            var offered = _offer.Over(
                transport, handshakes.Protocols, endPoint, version, versionPolicy, _isDisposed);

            // A closed pool still uses a connection of HTTP/1.1, but none of HTTP/2.
            givenUp = offered.Contains(SslApplicationProtocol.Http2) ? _transports.GivenUp : CancellationToken.None;
            using var attempt = new AttemptToken(cancellationToken, givenUp, generation.Replaced);
            var stream = await handshakes.AuthenticateAsync(
                transport, (_, _) => _transports.ConnectAsync(connection, isOfHandler: false, cancellationToken),
                endPoint, offered, _isForRedirectTargets, observer, attempt.Token, generation.Replaced)
                .ConfigureAwait(false);
            observer.Join(generation, stream);
            if (!upstream.IsCurrent(generation))
            {
                observer.Closed();
                stream.CloseInBackground();
                return null;
            }

            if (!_isForRedirectTargets)
            {
                generation.Context.Remember(stream.Outcome);
                upstream.Log.Succeeded(endPoint.Host, observer.Number, stream.Outcome, generation.Context.Effective);
            }

            _offer.Learn(endPoint, version, versionPolicy, stream.NegotiatedApplicationProtocol);
            return stream;
        }
        catch (Exception e) when (generation is not null && e is TlsHandshakeException or OperationCanceledException)
        {
            observer.Closed();
            if (upstream.IsCurrent(generation)
                && (e as TlsHandshakeException ?? e.InnerException as TlsHandshakeException)
                    is { Code: not DiagnosticCodes.NotSentAgain } failure)
            {
                upstream.Log.Failed(failure, isOfUpstream: !_isForRedirectTargets, observer.Number);
            }

            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw Transports.InWordsOfPool(e, cancellationToken);
            }

            if (e is OperationCanceledException && givenUp.IsCancellationRequested)
            {
                // After the former the request is sent again; after the latter it fails.
                throw _blueprint.SendsSeveralTimes
                    ? _transports.Closed(endPoint.Host) : _transports.DrainEnded(endPoint.Host, e);
            }

            if (upstream.IsCurrent(generation))
            {
                throw;
            }

            // Given up because of the replacement; or the failure may be the very reason for the replacement.
            return null;
        }
        catch
        {
            observer.Closed();
            throw;
        }
    }

    private TlsHandshakeException StaleAttempt(string host) => _generation.Context.Failures.Create(
        DiagnosticCodes.StaleAttempt, host, "the request was changed while its connection was being made.");
}
