namespace FlexTls.Registration;

/// <summary>
/// The program's factory of clients. Before it hands out a client, it verifies the handler: both factories give a name
/// the same handler.
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
