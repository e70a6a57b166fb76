namespace FlexTls;

/// <summary>
/// Sends HTTP requests under the policy of an <see cref="OutboundTlsContext"/>. With a context from
/// <see cref="IOutboundTlsContextProvider"/> it follows the policy in force: new connections are made under the new
/// policy, and those under the old one are drained. With a context from <see cref="TlsContextFactory"/> it keeps the
/// one policy. It follows redirects itself, presents the client certificate to no other authority, and refuses plain
/// requests (<c>http://</c>) unless the policy allows them. Thread-safe. Dispose it after use: until then the upstream
/// keeps a reference to it.
/// </summary>
/// <remarks>
/// It does not leave redirects to the platform's handler, which would change the caller's message: sending that message
/// again would make the redirect target the upstream.
/// </remarks>
public sealed class OutboundTlsHandler : HttpMessageHandler, IGenerationUser
{
    private readonly HandlerBlueprint _blueprint;
    private volatile HandlerGeneration _current = null!;

    /// <summary>Creates a handler.</summary>
    /// <param name="context">The context.</param>
    /// <param name="settings">
    /// The settings: pooling, limits, proxy, cookies, credentials, redirects, <c>ConnectCallback</c> and so on. They
    /// are copied; the handler itself stays the caller's and makes no connections. If several upstreams use the same
    /// settings, only the first one shares their cookies; the others start without. Default: the platform's.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="settings"/> sets something in <see cref="SocketsHttpHandler.SslOptions"/>, which the policy
    /// decides.
    /// </exception>
    /// <exception cref="TlsPolicyException">
    /// The policy's <c>alpn</c> has neither <c>h2</c> nor <c>http/1.1</c>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The service provider of the context is disposed.</exception>
    public OutboundTlsHandler(OutboundTlsContext context, SocketsHttpHandler? settings = null)
        : this(HandlerBlueprint.Of(context, settings, meters: null))
    {
    }

    internal OutboundTlsHandler(HandlerBlueprint blueprint)
    {
        _blueprint = blueprint;
        Upstream.Join(this);
    }

    internal Upstream Upstream => _blueprint.Upstream;

    /// <summary>The generation that new requests go to.</summary>
    internal HandlerGeneration Current => _current;

    UpstreamTlsUser? IGenerationUser.Shown => _blueprint.User;

    bool IGenerationUser.NeedsHttp => true;

    void IGenerationUser.Adopt(UpstreamGeneration generation)
    {
        // Here, to refuse also a policy that loses HTTP while its first handler is made.
        var user = Upstream.Name.Length == 0 ? "the policy" : $"upstream '{Upstream.Name}'";
        if (HttpAlpn.FaultOf(Upstream.Source, user) is { } fault)
        {
            throw fault;
        }

        _current = new HandlerGeneration(_blueprint, generation);
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        StartAsync(request, isSynchronous: false, cancellationToken);

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        StartAsync(request, isSynchronous: true, cancellationToken).GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _blueprint.IsDisposed = true;
            Upstream.Leave(this);
            _current.Dispose();
        }

        base.Dispose(disposing);
    }

    private Task<HttpResponseMessage> StartAsync(
        HttpRequestMessage request, bool isSynchronous, CancellationToken cancellationToken) =>
        !_blueprint.IsChosen && OutboundTlsRequest.ChosenBy(request) is not null
            ? Task.FromException<HttpResponseMessage>(
                RefusedRequest.By(ClientFault.ChoiceNotAllowed(Upstream.Name), request))
        : _blueprint.SendsSeveralTimes ? SendAsync(request, isSynchronous, cancellationToken)
        : SendOnceAsync(RoleOf(request), request, isSynchronous, cancellationToken);

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, bool isSynchronous, CancellationToken cancellationToken)
    {
        // Read before sending: a caller may give up and change the message.
        var address = request.RequestUri;
        _blueprint.TraceHeaders.RemoveInjected(request);
        HttpResponseMessage? response = null;
        try
        {
            response = await SendOnceAsync(RoleOf(request), request, isSynchronous, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (MayBeSentAgain(e, request, address))
        {
            // The message is sent again below; requests that are sent once pay nothing for this.
        }

        response ??= await SendAgainAsync(RoleOf(request), request, isSynchronous, cancellationToken)
            .ConfigureAwait(false);
        return RedirectRules.TargetOf(response, address!) is { } target
            ? await FollowAsync(
                    new FirstHop(request, address!, _blueprint.TraceHeaders), response, target, isSynchronous,
                    cancellationToken)
                .ConfigureAwait(false)
            : response;
    }

    private async Task<HttpResponseMessage> FollowAsync(
        FirstHop first, HttpResponseMessage response, Uri target, bool isSynchronous,
        CancellationToken cancellationToken)
    {
        var (message, next) = (response.RequestMessage!, (Uri?)target);
        for (var count = 0; count < _blueprint.MostRedirects && next is not null; count++)
        {
            var status = response.StatusCode;
            response.Dispose();
            message = first.Next(message, status, next);
            response = await SendAgainAsync(RoleOf(message), message, isSynchronous, cancellationToken)
                .ConfigureAwait(false);
            next = RedirectRules.TargetOf(response, next);
        }

        return response;
    }

    /// <summary>The authority in the caller's own request, and nothing else, decides which pool a hop uses.</summary>
    private PoolRole RoleOf(HttpRequestMessage message)
    {
        if (message is not Hop { RequestUri: { } target } hop)
        {
            return PoolRole.Upstream;
        }

        if (Authority.Of(target) == hop.Upstream)
        {
            return PoolRole.UpstreamWithoutCredentials;
        }

        Upstream.Log.Redirected(target);
        return PoolRole.RedirectTarget;
    }

    /// <summary>Sends one hop, repeatedly as long as it stays unsent because its pool was closed.</summary>
    private async Task<HttpResponseMessage> SendAgainAsync(
        PoolRole role, HttpRequestMessage message, bool isSynchronous, CancellationToken cancellationToken)
    {
        var address = message.RequestUri;
        while (true)
        {
            try
            {
                _blueprint.TraceHeaders.RemoveInjected(message);
                return await SendOnceAsync(role, message, isSynchronous, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e) when (MayBeSentAgain(e, message, address))
            {
                // Under the generation in force.
            }
        }
    }

    /// <summary>
    /// Whether a request is unsent because its pool was closed. A server may have answered it before, but only in a way
    /// that makes the pool send it again, as with a 401. A message with another address now belongs to another attempt
    /// of its caller.
    /// </summary>
    private bool MayBeSentAgain(HttpRequestException failure, HttpRequestMessage message, Uri? address) =>
        !_blueprint.IsDisposed && message.RequestUri == address
        && failure.InnerException is TlsHandshakeException { Code: DiagnosticCodes.NotSentAgain };

    /// <summary>
    /// Sends one hop under the generation in force, or under the next one if the pool is closed meanwhile.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The handler is disposed.</exception>
    private Task<HttpResponseMessage> SendOnceAsync(
        PoolRole role, HttpRequestMessage message, bool isSynchronous, CancellationToken cancellationToken)
    {
        HandlerGeneration? tried = null;
        while (true)
        {
            var current = _current;
            ObjectDisposedException.ThrowIf(_blueprint.IsDisposed || current == tried, this);
            if (current.PoolFor(role)?.TrySendAsync(message, isSynchronous, cancellationToken) is { } sent)
            {
                return sent;
            }

            tried = current;
        }
    }
}
