using FlexTls.Upstreams;

namespace FlexTls.Connections;

/// <summary>
/// The primary handler of a client under a policy. It holds the generation in force and adds nothing to a request but
/// the policy's HTTP version.
/// </summary>
internal sealed class OutboundTlsHandler(Upstream upstream, HandlerGeneration generation) : HttpMessageHandler
{
    private volatile HandlerGeneration _current = generation;

    public Upstream Upstream => upstream;

    /// <summary>The generation that new requests go to.</summary>
    public HandlerGeneration Current => _current;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _current.SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _current.Send(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current.Dispose();
        }

        base.Dispose(disposing);
    }
}
