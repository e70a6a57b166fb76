namespace FlexTls;

/// <summary>
/// Wraps the program's factory of clients. Before it hands out a client, it verifies the handler: both factories return
/// the same handler for a name.
/// </summary>
internal sealed class VerifiedClientFactory(IHttpClientFactory factory, IHttpMessageHandlerFactory handlers)
    : IHttpClientFactory
{
    /// <summary>The program's factory.</summary>
    public IHttpClientFactory Factory => factory;

    public HttpClient CreateClient(string name)
    {
        handlers.CreateHandler(name);
        return factory.CreateClient(name);
    }
}
