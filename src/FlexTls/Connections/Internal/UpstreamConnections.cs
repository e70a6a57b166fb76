#pragma warning disable CA1001 // A source of cancellation without a timer holds nothing that must be freed.
using System.Net;
using System.Net.Security;
using FlexTls.Contexts;
using FlexTls.Diagnostics;
using FlexTls.Upstreams;

namespace FlexTls.Connections;

/// <summary>
/// The connections of one handler. TLS to the upstream is made here, before the pool sees the connection, so that the
/// offer, the server name and the client certificate on the wire are the policy's. TLS through a proxy is made by the
/// pool, with options that are strict by themselves.
/// </summary>
internal sealed class UpstreamConnections
{
    private readonly HandlerBlueprint _blueprint;
    private readonly UpstreamGeneration _generation;
    private readonly bool _isForRedirectTargets;
    private readonly Tunnels _tunnels;
    private readonly HttpOffer _offer = new();
    private readonly Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> _connect;
    private int _attempts;
    private int _wasConnecting;
    private readonly CancellationTokenSource _givenUp = new();
    private volatile bool _isDisposed;

    /// <param name="blueprint">What the handler is made of.</param>
    /// <param name="generation">The generation of the handler. Its connections are of the one that is in force when they are made.</param>
    /// <param name="isForRedirectTargets">Whether the servers are targets of redirects to other authorities, and not
    /// the upstream. A connection never changes from one to the other.</param>
    public UpstreamConnections(HandlerBlueprint blueprint, UpstreamGeneration generation, bool isForRedirectTargets)
    {
        (_blueprint, _generation, _isForRedirectTargets) = (blueprint, generation, isForRedirectTargets);
        _tunnels = new Tunnels(blueprint, generation, isForRedirectTargets);
        _connect = blueprint.Connect ?? (async (connection, ct) => await TcpConnector.ConnectAsync(connection.DnsEndPoint, ct).ConfigureAwait(false));
    }

    /// <summary>Tells whether a connection may still be refused by its server.</summary>
    public ConnectionWatch Watch { get; } = new();

    /// <summary>Whether the handler is disposed, which lets requests that are under way go on.</summary>
    public bool IsDisposed
    {
        get => _isDisposed;
        set => _isDisposed = value;
    }

    /// <summary>
    /// Options for a handler that connects directly. It is given finished streams; if it makes TLS by itself, the request
    /// of that connection was changed meanwhile, and it must neither show a certificate nor trust anyone.
    /// </summary>
    public SslClientAuthenticationOptions NoOptions() => new()
    {
        RemoteCertificateValidationCallback = (sender, _, _, _) => throw StaleAttempt(((SslStream)sender).TargetHostName),
    };

    /// <summary>Options for the TLS that the pool makes by itself, through a proxy.</summary>
    public SslClientAuthenticationOptions TunnelOptions() =>
        _generation.Context.Http.CreateTunnelOptions(_isForRedirectTargets, _tunnels);

    /// <summary>Whether a connection was being made at any time since this was asked last.</summary>
    public bool WasConnecting()
    {
        var was = Interlocked.Exchange(ref _wasConnecting, 0) != 0;
        return was || Volatile.Read(ref _attempts) > 0;
    }

    /// <summary>Gives up the connections that are being made.</summary>
    public void GiveUp() => _givenUp.Cancel();

    /// <summary>The connect callback of a handler that uses no proxy.</summary>
    public ValueTask<Stream> ConnectDirectlyAsync(SocketsHttpConnectionContext connection, CancellationToken ct) =>
        CountAsync(ConnectToServerAsync, connection, ct);

    /// <summary>The connect callback of a handler that makes all its connections through proxies.</summary>
    public ValueTask<Stream> ConnectToProxyAsync(SocketsHttpConnectionContext connection, CancellationToken ct) =>
        CountAsync(ConnectTunnelAsync, connection, ct);

    private async ValueTask<Stream> CountAsync(
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect,
        SocketsHttpConnectionContext connection, CancellationToken ct)
    {
        _blueprint.Upstream.Context.ThrowIfEnded();
        Interlocked.Increment(ref _attempts);
        try
        {
            return await connect(connection, ct).ConfigureAwait(false);
        }
        finally
        {
            // In this order: between the two it is seen twice, not never.
            Volatile.Write(ref _wasConnecting, 1);
            Interlocked.Decrement(ref _attempts);
        }
    }

    private async ValueTask<Stream> ConnectTunnelAsync(SocketsHttpConnectionContext connection, CancellationToken ct)
    {
        // Read before the first await: a caller may give up a message and change it while the attempt goes on.
        var destination = _tunnels.Check(connection.InitialRequestMessage);
        var transport = await _connect(connection, ct).ConfigureAwait(false);
        return await _tunnels.AddAsync(transport, destination).ConfigureAwait(false);
    }

    private async ValueTask<Stream> ConnectToServerAsync(SocketsHttpConnectionContext connection, CancellationToken ct)
    {
        // Read before the first await: a caller may give up a message and change it while the attempt goes on. The end
        // point and the role of the pool decide whom to trust; the message is only a hint at what to offer.
        var (endPoint, request) = (connection.DnsEndPoint, connection.InitialRequestMessage);
        var (version, versionPolicy) = (request.Version, request.VersionPolicy);
        if (!request.IsFor(endPoint))
        {
            // The request of this attempt was given up, and its message sent elsewhere: nobody waits.
            throw StaleAttempt(endPoint.Host);
        }

        if (!request.IsTls())
        {
            return await _connect(connection, ct).ConfigureAwait(false);
        }

        while (true)
        {
            // A request may have waited here since before the generation was replaced: its connection is of the one in force.
            var generation = _blueprint.Upstream.Current;
            var offered = Offer(generation, endPoint, version, versionPolicy);
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(ct, generation.Replaced, _givenUp.Token);
            try
            {
                var stream = await AuthenticateAsync(connection, generation, offered, attempt.Token)
                    .ConfigureAwait(false);
                if (_blueprint.Upstream.IsCurrent(generation))
                {
                    if (!_isForRedirectTargets)
                    {
                        generation.Context.Remember(stream);
                    }

                    _offer.Learn(endPoint, offered, stream.NegotiatedApplicationProtocol);
                    return stream;
                }

                await stream.DisposeAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (ct.IsCancellationRequested)
            {
                // The pool knows its own token only.
                throw new OperationCanceledException(e.Message, e.InnerException, ct);
            }
            catch (OperationCanceledException) when (_givenUp.IsCancellationRequested)
            {
                throw generation.Context.Http.Failures.Create(DiagnosticCodes.DrainEnded, endPoint.Host,
                    "the request has waited for its connection since before the policy was replaced, and its time is over (drainTimeout).", "the server is slow or silent");
            }
            catch (Exception e) when (e is TlsHandshakeException or OperationCanceledException && !_blueprint.Upstream.IsCurrent(generation))
            {
                // Given up because of the replacement, or what was replaced may have been replaced for that.
            }
        }
    }

    private TlsHandshakeException StaleAttempt(string host) => _generation.Context.Http.Failures.Create(
        DiagnosticCodes.StaleAttempt, host, "the request was changed while its connection was being made.");

    /// <summary>
    /// A request that its handler sends again after being disposed, as after a 401, cannot use a new HTTP/2 connection,
    /// which the pool would close at once. HTTP/1.1 works.
    /// </summary>
    private IReadOnlyList<SslApplicationProtocol> Offer(UpstreamGeneration generation, DnsEndPoint endPoint, Version version, HttpVersionPolicy versionPolicy)
    {
        var offered = _offer.For(generation.Context.Http.Protocols, endPoint, version, versionPolicy);
        if (!_isDisposed || !offered.Contains(SslApplicationProtocol.Http2))
        {
            return offered;
        }

        SslApplicationProtocol[] rest = [.. offered.Where(protocol => protocol != SslApplicationProtocol.Http2)];
        return rest.Length > 0 ? rest : throw generation.Context.Http.Failures.Create(DiagnosticCodes.DrainEnded, endPoint.Host,
            "the handler sent the request again, as after a 401, after its policy had been replaced; "
            + "over HTTP/2 a closing handler cannot do that.",
            "the request can be sent again");
    }

    private async ValueTask<UpstreamStream> AuthenticateAsync(
        SocketsHttpConnectionContext connection, UpstreamGeneration generation,
        IReadOnlyList<SslApplicationProtocol> offered, CancellationToken ct)
    {
        var http = generation.Context.Http;
        var host = connection.DnsEndPoint.Host;
        var observer = Watch.Begin(_blueprint.Upstream.Log, generation, host, _isForRedirectTargets);
        try
        {
            var transport = await _connect(connection, ct).ConfigureAwait(false);
            if (transport is SslStream)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
                throw new InvalidOperationException("The handler's ConnectCallback returned an SslStream; it must return the transport, and TLS is made as the policy says.");
            }

            var stream = await http.AuthenticateAsync(transport, host, offered, _isForRedirectTargets, observer, ct)
                .ConfigureAwait(false);
            observer.Join(stream);
            return stream;
        }
        catch (Exception e)
        {
            observer.Closed();
            if (_blueprint.Upstream.IsCurrent(generation) && (e as TlsHandshakeException ?? (e as OperationCanceledException)?.InnerException as TlsHandshakeException) is { } failure)
            {
                _blueprint.Upstream.Log.Failed(failure);
            }

            throw;
        }
    }
}
