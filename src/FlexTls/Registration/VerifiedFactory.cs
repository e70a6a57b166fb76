namespace FlexTls;

/// <summary>
/// Wraps the platform's factory of clients and their handlers. It never hands out a handler that has lost its client's
/// policy, whatever filters and builders took part, nor a client that must not be used.
/// </summary>
internal sealed class VerifiedFactory(object factory, ClientHandlers clients)
    : IHttpClientFactory, IHttpMessageHandlerFactory
{
    public HttpClient CreateClient(string name)
    {
        // The platform has one factory of both, which returns the same handler for a name.
        Create(name);
        return ((IHttpClientFactory)factory).CreateClient(name);
    }

    public HttpMessageHandler CreateHandler(string name)
    {
        var handler = Create(name);

        // A gRPC client's channel is made next, or somebody else asks.
        clients.CheckChannelOf(name, handler);
        return handler;
    }

    /// <summary>Creates a verified handler, for which nobody has asked yet.</summary>
    /// <exception cref="TlsPolicyException">The client must not be used.</exception>
    public HttpMessageHandler Create(string name)
    {
        clients.Prepare(name);
        var handler = ((IHttpMessageHandlerFactory)factory).CreateHandler(name);
        clients.Verify(name, handler);
        return handler;
    }
}
