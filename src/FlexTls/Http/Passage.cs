namespace FlexTls;

/// <summary>
/// Passes messages on to a handler, as only a delegating handler can: an invoker would count each message as a request
/// of its own in the platform's event counters.
/// </summary>
internal sealed class Passage<T>(T handler) : DelegatingHandler(handler)
    where T : HttpMessageHandler
{
    public T Handler => handler;

    public Task<HttpResponseMessage> PassAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendAsync(request, cancellationToken);

    public HttpResponseMessage Pass(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Send(request, cancellationToken);
}
