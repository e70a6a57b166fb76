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

        Decorate<IHttpClientFactory>(services, (provider, factory) => VerifiedClientFactory.Of(
            factory, provider.GetService<IHttpMessageHandlerFactory>, provider.GetRequiredService<ClientHandlers>()));

        // A builder of the program's own stays what it is, because the program's actions may look for its type.
        Decorate<HttpMessageHandlerBuilder>(
            services,
            (provider, builder) =>
                new GuardedHandlerBuilder(builder, provider.GetRequiredService<ClientHandlers>().Guard),
            registered => registered.ImplementationType?.Assembly == typeof(HttpClientFactoryOptions).Assembly);
    }

    private static void Decorate<T>(
        IServiceCollection services, Func<IServiceProvider, T, T> decorate,
        Predicate<ServiceDescriptor>? isMeant = null)
        where T : class
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i] is { IsKeyedService: false } registered && registered.ServiceType == typeof(T))
            {
                if (registered.ImplementationFactory?.Target is not Decorated<T>
                    && isMeant?.Invoke(registered) != false)
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
        public object Create(IServiceProvider services)
        {
            if (registered.ImplementationInstance is T instance)
            {
                return decorate(services, instance);
            }

            var made = registered.ImplementationFactory?.Invoke(services)
                ?? ActivatorUtilities.CreateInstance(services, registered.ImplementationType!);
            if (made is IDisposable or IAsyncDisposable)
            {
                // The service provider does not see what is made here.
                services.GetRequiredService<EndOfServices>().Made = made;
            }

            return decorate(services, (T)made);
        }
    }
}
