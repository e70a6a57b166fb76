namespace FlexTls;

/// <summary>
/// Stands in front of a client's delegating handlers and marks the client's requests for the gate behind them: other
/// clients may share the handlers, and must not get this client's certificate or trust.
/// </summary>
/// <param name="gate">The gate; only its identity matters here.</param>
/// <param name="inner">The client's own handlers.</param>
internal sealed class ClientStamp(object gate, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly HttpRequestOptionsKey<object> Key = new("FlexTls.Client");

    // For handlers that send copies of a message, or messages of their own, for instance to get a token.
    private static readonly AsyncLocal<object?> Sending = new();

    /// <summary>The gate that it marks requests for.</summary>
    public object Gate => gate;

    /// <summary>Whether a request came through the stamp of the gate's client, or belongs to one that did.</summary>
    public static bool IsOn(HttpRequestMessage request, object gate) =>
        (request.Options.TryGetValue(Key, out var marked) ? marked : Sending.Value) == gate;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.Set(Key, gate);

        // The caller does not see this value after the method returns.
        Sending.Value = gate;
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Options.Set(Key, gate);
        var before = Sending.Value;
        Sending.Value = gate;
        try
        {
            return base.Send(request, cancellationToken);
        }
        finally
        {
            Sending.Value = before;
        }
    }
}
