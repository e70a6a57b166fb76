using FlexTls.Upstreams;

namespace FlexTls.Connections;

/// <summary>
/// The primary handler of a client under a policy. It holds the generation in force and adds nothing to a request but
/// the policy's HTTP version.
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
        _current.SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _current.Send(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Upstream.Leave(this);
            _current.Dispose();
        }

        base.Dispose(disposing);
    }
}
