namespace FlexTls.Clients;

/// <summary>
/// The program's factory of clients. It hands out none whose handler is not verified: both factories give a name the
/// same handler.
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
