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
        CreateHandler(name);
        return ((IHttpClientFactory)factory).CreateClient(name);
    }

    public HttpMessageHandler CreateHandler(string name)
    {
        clients.Prepare(name);
        var handler = ((IHttpMessageHandlerFactory)factory).CreateHandler(name);
        clients.Verify(name, handler);
        return handler;
    }
}
