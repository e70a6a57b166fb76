using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Registration;

/// <summary>A program's own factories around those that are registered.</summary>
internal static class DecoratedFactories
{
    /// <summary>Adds a factory of clients in front of the one that is there.</summary>
    public static void DecorateClients(IServiceCollection services) =>
        services.Add(Decorated<IHttpClientFactory>(services, inner => new Clients(inner)));

    /// <summary>Adds a factory of clients and one of handlers in front of those that are there.</summary>
    public static void DecorateBoth(IServiceCollection services)
    {
        DecorateClients(services);
        services.Add(Decorated<IHttpMessageHandlerFactory>(services, inner => new Handlers(inner)));
    }

    /// <summary>Puts both in the place of those that are there, around them.</summary>
    public static void DecorateBothInPlace(IServiceCollection services)
    {
        services[IndexOf<IHttpClientFactory>(services)] =
            Decorated<IHttpClientFactory>(services, inner => new Clients(inner));
        services[IndexOf<IHttpMessageHandlerFactory>(services)] =
            Decorated<IHttpMessageHandlerFactory>(services, inner => new Handlers(inner));
    }

    private static int IndexOf<T>(IServiceCollection services) =>
        services.ToList().FindLastIndex(service => service.ServiceType == typeof(T));

    private static ServiceDescriptor Decorated<T>(IServiceCollection services, Func<T, T> decorate)
        where T : class
    {
        var inner = services[IndexOf<T>(services)];
        return ServiceDescriptor.Singleton(provider => decorate((T)inner.ImplementationFactory!(provider)));
    }

    private sealed class Clients(IHttpClientFactory inner) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => inner.CreateClient(name);
    }

    private sealed class Handlers(IHttpMessageHandlerFactory inner) : IHttpMessageHandlerFactory
    {
        public HttpMessageHandler CreateHandler(string name) => inner.CreateHandler(name);
    }
}
