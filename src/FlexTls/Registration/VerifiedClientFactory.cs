using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>
/// Wraps the registered factory of clients. Before it hands out a client, it verifies the handler: the platform's
/// factories return the same handler for a name.
/// </summary>
/// <param name="factory">The registered factory, of the platform or of the program, which may decorate it.</param>
/// <param name="handlers">
/// Finds the factory of handlers, which may need the factory of clients; <see langword="null"/>: there is none.
/// </param>
/// <param name="clients">Knows the clients.</param>
internal class VerifiedClientFactory(
    IHttpClientFactory factory, Func<IHttpMessageHandlerFactory?> handlers, ClientHandlers clients)
    : IHttpClientFactory
{
    /// <summary>Wraps a factory, as one of handlers too if it is one.</summary>
    /// <param name="factory">The factory.</param>
    /// <param name="handlers">Finds the registered factory of handlers.</param>
    /// <param name="clients">Knows the clients.</param>
    public static VerifiedClientFactory Of(
        IHttpClientFactory factory, Func<IHttpMessageHandlerFactory?> handlers, ClientHandlers clients) =>
        factory is IHttpMessageHandlerFactory both
            ? new OfHandlersToo(factory, new VerifiedHandlerFactory(both, clients), clients)
            : new VerifiedClientFactory(factory, handlers, clients);

    /// <summary>The program's own factory; <see langword="null"/>: it is the platform's.</summary>
    public Type? Foreign { get; } = IsForeign(factory.GetType()) ? factory.GetType() : null;

    /// <summary>Whether the type of a factory is one of the program's own.</summary>
    public static bool IsForeign(Type factory) => factory.Assembly != typeof(HttpClientFactoryOptions).Assembly;

    public HttpClient CreateClient(string name)
    {
        // The names of other clients, which a factory of the program's own is asked for, may come and go.
        if (Foreign is null || clients.CouldBeBound(name))
        {
            handlers()?.CreateHandler(name);
        }

        return factory.CreateClient(name);
    }

    private sealed class OfHandlersToo(
        IHttpClientFactory factory, VerifiedHandlerFactory verified, ClientHandlers clients)
        : VerifiedClientFactory(factory, () => verified, clients), IHttpMessageHandlerFactory
    {
        public HttpMessageHandler CreateHandler(string name) => verified.CreateHandler(name);
    }
}
