namespace FlexTls;

/// <summary>
/// Refuses requests that choose their upstreams, for a client that FlexTls has nothing else to do with: ignored, a
/// choice would mean the platform's TLS. It lies in front of everything else, and decides and loads nothing.
/// </summary>
internal sealed class ChoiceGuard(string client) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        Refusal(request) is { } refusal
            ? Task.FromException<HttpResponseMessage>(refusal) : base.SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Refusal(request) is { } refusal ? throw refusal : base.Send(request, cancellationToken);

    private HttpRequestException? Refusal(HttpRequestMessage request) =>
        OutboundTlsRequest.ChosenBy(request) is null
            ? null : RefusedRequest.By(ClientFault.ChoiceNotAllowed(client), request);
}
