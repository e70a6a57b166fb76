using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>
/// Wraps the registered factory of clients. Before it hands out a client, it verifies the handler: the platform's
/// factories return the same handler for a name.
/// </summary>
/// <param name="factory">The registered factory.</param>
/// <param name="owned">The same, if nobody else disposes of it.</param>
/// <param name="handlers">The factory of handlers.</param>
/// <param name="registration">What was registered.</param>
internal sealed class VerifiedClientFactory(
    IHttpClientFactory factory, IDisposable? owned, IHttpMessageHandlerFactory handlers,
    OutboundTlsRegistration registration) : IHttpClientFactory, IDisposable
{
    /// <summary>The program's own factory; <see langword="null"/>: it is the platform's.</summary>
    public Type? Foreign { get; } = IsForeign(factory.GetType()) ? factory.GetType() : null;

    /// <summary>Whether the type of a factory is one of the program's own.</summary>
    public static bool IsForeign(Type factory) => factory.Assembly != typeof(HttpClientFactoryOptions).Assembly;

    public HttpClient CreateClient(string name)
    {
        // The names that a factory of the program's own is asked for may come and go.
        if (Foreign is null || registration.FindAnySpellingOf(name) is not null)
        {
            handlers.CreateHandler(name);
        }

        return factory.CreateClient(name);
    }

    public void Dispose() => owned?.Dispose();
}
