namespace FlexTls;

/// <summary>
/// Wraps the platform's factory of handlers. It never hands out a handler that has lost its client's policy, whatever
/// filters and builders took part, nor one that must not be replaced.
/// </summary>
internal sealed class VerifiedHandlerFactory(IHttpMessageHandlerFactory factory, ClientHandlers clients)
    : IHttpMessageHandlerFactory
{
    public HttpMessageHandler CreateHandler(string name)
    {
        clients.Prepare(name);
        var handler = factory.CreateHandler(name);
        clients.Verify(name, handler);
        return handler;
    }
}
