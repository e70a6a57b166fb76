using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>
/// Refuses requests that choose their upstreams, for a client that does not allow it: ignored, a choice would mean the
/// platform's TLS, or another identity. It decides and loads nothing.
/// </summary>
internal sealed class ChoiceGuard(string client) : RequestGuard
{
    /// <summary>
    /// Puts one in front of the client's handlers, which may send copies without the choice, and one behind them, for
    /// what they choose themselves.
    /// </summary>
    public static void Put(HttpMessageHandlerBuilder builder, string client)
    {
        PutInFront(builder, client);
        if (builder.AdditionalHandlers is { IsReadOnly: false } handlers)
        {
            handlers.Add(new ChoiceGuard(client));
        }
    }

    /// <summary>Puts one in front of the client's handlers.</summary>
    public static void PutInFront(HttpMessageHandlerBuilder builder, string client)
    {
        // A builder that takes no handlers ignores the client's own too.
        if (builder.AdditionalHandlers is { IsReadOnly: false } handlers)
        {
            handlers.Insert(0, new ChoiceGuard(client));
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

    /// <summary>That of the gate behind it, once the gate has decided.</summary>
    protected override string? Upstream => ClientGate.Find(InnerHandler)?.Handler?.Upstream.Name;

    protected override TlsPolicyDiagnostic? FaultOf(HttpRequestMessage request) =>
        OutboundTlsRequest.ChosenBy(request) is null ? null : ClientFault.ChoiceNotAllowed(client);
}
