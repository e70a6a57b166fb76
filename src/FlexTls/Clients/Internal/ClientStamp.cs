namespace FlexTls.Clients;

/// <summary>
/// Stands in front of a client's own delegating handlers, behind which its gate lies, and marks the client's requests
/// for that gate: other clients may share the handlers, and must not get this client's certificate or trust with them.
/// </summary>
internal sealed class ClientStamp(ClientGate gate, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly HttpRequestOptionsKey<ClientGate> Key = new("FlexTls.Client");

    public ClientGate Gate => gate;

    /// <summary>Whether a request came through the stamp of a gate's client.</summary>
    public static bool IsOn(HttpRequestMessage request, ClientGate gate) =>
        request.Options.TryGetValue(Key, out var marked) && marked == gate;

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.Set(Key, gate);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.Set(Key, gate);
        return base.Send(request, cancellationToken);
    }
}
