namespace FlexTls;

/// <summary>
/// Wraps the program's factory of handlers. It never hands out a handler that has lost its client's policy, whatever
/// filters and builders took part, nor one that must not be replaced.
/// </summary>
/// <param name="factory">The registered factory.</param>
/// <param name="owned">The same, if nobody else disposes of it.</param>
/// <param name="clients">Verifies handlers.</param>
internal sealed class VerifiedHandlerFactory(
    IHttpMessageHandlerFactory factory, IDisposable? owned, ClientHandlers clients)
    : IHttpMessageHandlerFactory, IDisposable
{
    public HttpMessageHandler CreateHandler(string name)
    {
        clients.Prepare(name);
        var handler = factory.CreateHandler(name);
        clients.Verify(name, handler);
        return handler;
    }

    public void Dispose() => owned?.Dispose();
}
