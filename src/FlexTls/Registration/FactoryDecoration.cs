using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>Puts our factories and our builder of handlers in front of the registered ones.</summary>
internal static class FactoryDecoration
{
    public static void Decorate(IServiceCollection services)
    {
        Decorate<IHttpMessageHandlerFactory>(services, (provider, factory) =>
            new VerifiedHandlerFactory(factory, provider.GetRequiredService<ClientHandlers>()));

        Decorate<HttpMessageHandlerBuilder>(services, (provider, builder) =>
            new GuardedHandlerBuilder(builder, provider.GetRequiredService<ClientHandlers>().Guard));

        // A program with its own factory may have no factory of handlers, and so no handlers to verify.
        Decorate<IHttpClientFactory>(services, (provider, factory) =>
            provider.GetService<IHttpMessageHandlerFactory>() is { } handlers
                ? new VerifiedClientFactory(factory, handlers)
                : factory);
    }

    private static void Decorate<T>(IServiceCollection services, Func<IServiceProvider, T, T> decorate)
        where T : class
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i] is { IsKeyedService: false } registered && registered.ServiceType == typeof(T))
            {
                if (registered.ImplementationFactory?.Target is not Decorated<T>)
                {
                    var decorated = new Decorated<T>(registered, decorate);
                    services[i] = ServiceDescriptor.Describe(typeof(T), decorated.Create, registered.Lifetime);
                }

                return;
            }
        }
    }

    private sealed class Decorated<T>(ServiceDescriptor registered, Func<IServiceProvider, T, T> decorate)
        where T : class
    {
        public object Create(IServiceProvider services) => decorate(services, (T)(registered.ImplementationInstance
            ?? registered.ImplementationFactory?.Invoke(services)
            ?? ActivatorUtilities.CreateInstance(services, registered.ImplementationType!)));
    }
}
