namespace FlexTls.Connections;

/// <summary>
/// Passes messages on to a handler, as only a delegating handler can: an invoker would count each message as a request
/// of its own in the platform's event counters.
/// </summary>
internal sealed class Passage<T>(T handler) : DelegatingHandler(handler)
    where T : HttpMessageHandler
{
    public T Handler => handler;

    public Task<HttpResponseMessage> PassAsync(HttpRequestMessage request, CancellationToken ct) =>
        SendAsync(request, ct);

    public HttpResponseMessage Pass(HttpRequestMessage request, CancellationToken ct) => Send(request, ct);
}
