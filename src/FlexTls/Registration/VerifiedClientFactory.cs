namespace FlexTls;

/// <summary>
/// Wraps the platform's factory of clients. Before it hands out a client, it verifies the handler: the platform has one
/// factory of both.
/// </summary>
internal sealed class VerifiedClientFactory(IHttpClientFactory factory, IHttpMessageHandlerFactory handlers)
    : IHttpClientFactory
{
    public HttpClient CreateClient(string name)
    {
        handlers.CreateHandler(name);
        return factory.CreateClient(name);
    }
}
