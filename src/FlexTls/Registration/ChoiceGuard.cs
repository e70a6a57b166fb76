using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>
/// Refuses requests that choose their upstreams, for a client that does not allow it: ignored, a choice would mean the
/// platform's TLS, or another identity. It decides and loads nothing.
/// </summary>
internal sealed class ChoiceGuard(string client) : DelegatingHandler
{
    /// <summary>
    /// Puts one in front of the client's handlers, which may send copies without the choice, and one behind them, for
    /// what they choose themselves.
    /// </summary>
    public static void Put(HttpMessageHandlerBuilder builder, string client)
    {
        PutInFront(builder, client);
        if (!builder.AdditionalHandlers.IsReadOnly)
        {
            builder.AdditionalHandlers.Add(new ChoiceGuard(client));
        }
    }

    /// <summary>Puts one in front of the client's handlers.</summary>
    public static void PutInFront(HttpMessageHandlerBuilder builder, string client)
    {
        // A builder that takes no handlers ignores the client's own too.
        if (!builder.AdditionalHandlers.IsReadOnly)
        {
            builder.AdditionalHandlers.Insert(0, new ChoiceGuard(client));
        }
    }

    /// <summary>Takes them out of the builder.</summary>
    public static void Remove(HttpMessageHandlerBuilder builder)
    {
        foreach (var guard in builder.AdditionalHandlers.OfType<ChoiceGuard>().ToList())
        {
            builder.AdditionalHandlers.Remove(guard);
        }
    }

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
