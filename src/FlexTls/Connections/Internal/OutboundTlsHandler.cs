using FlexTls.Upstreams;

namespace FlexTls.Connections;

/// <summary>
/// The primary handler of a client under a policy. It holds the generation in force and adds nothing to a request but
/// the policy's HTTP version. It follows redirects by itself: the platform's handler would change the caller's message,
/// and whoever sends that again would make the target of a redirect the upstream.
/// </summary>
internal sealed class OutboundTlsHandler : HttpMessageHandler, IGenerationUser
{
    private readonly HandlerBlueprint _blueprint;
    private volatile HandlerGeneration _current = null!;

    public OutboundTlsHandler(HandlerBlueprint blueprint)
    {
        _blueprint = blueprint;
        Upstream.Join(this);
    }

    public Upstream Upstream => _blueprint.Upstream;

    /// <summary>The generation that new requests go to.</summary>
    public HandlerGeneration Current => _current;

    /// <inheritdoc/>
    public void Adopt(UpstreamGeneration generation) => _current = new HandlerGeneration(_blueprint, generation);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _blueprint.MostRedirects > 0
            ? SendAsync(request, isSynchronous: false, cancellationToken)
            : _current.Upstream.SendAsync(request, isSynchronous: false, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        (_blueprint.MostRedirects > 0
            ? SendAsync(request, isSynchronous: true, cancellationToken)
            : _current.Upstream.SendAsync(request, isSynchronous: true, cancellationToken)).GetAwaiter().GetResult();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Upstream.Leave(this);
            _current.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool isSynchronous, CancellationToken ct)
    {
        // Kept from before the message is sent: a caller may give up and change it.
        var address = request.RequestUri;
        _blueprint.TraceHeaders.RemoveWritten(request);
        var response = await _current.Upstream.SendAsync(request, isSynchronous, ct).ConfigureAwait(false);
        return RedirectRules.TargetOf(response, address!) is { } target
            ? await FollowAsync(new FirstHop(request, address!, _blueprint.TraceHeaders), response, target, isSynchronous, ct).ConfigureAwait(false)
            : response;
    }

    private async Task<HttpResponseMessage> FollowAsync(FirstHop first, HttpResponseMessage response, Uri target, bool isSynchronous, CancellationToken ct)
    {
        var (message, next) = (response.RequestMessage!, (Uri?)target);
        for (var count = 0; count < _blueprint.MostRedirects && next is not null; count++)
        {
            message = first.Next(message, response.StatusCode, next);
            response.Dispose();
            response = await PoolFor(first, next).SendAsync(message, isSynchronous, ct).ConfigureAwait(false);
            next = RedirectRules.TargetOf(response, next);
        }

        return response;
    }

    /// <summary>Each hop goes to the generation in force. Which of its pools is decided by the authority that the caller named, and nothing else.</summary>
    private HandlerPool PoolFor(FirstHop first, Uri target)
    {
        var isUpstream = first.IsSameAuthority(target);
        if (!isUpstream)
        {
            Upstream.Log.Redirected(target);
        }

        while (true)
        {
            if (_current.PoolFor(isUpstream ? PoolRole.UpstreamWithoutCredentials : PoolRole.RedirectTarget) is { } pool)
            {
                return pool;
            }
        }
    }
}
