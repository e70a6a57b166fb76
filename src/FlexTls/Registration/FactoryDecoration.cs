using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>Puts our factories and our builder of handlers in front of the registered ones.</summary>
internal static class FactoryDecoration
{
    public static void Decorate(IServiceCollection services)
    {
        Decorate<IHttpMessageHandlerFactory>(services, (provider, factory, owned) =>
            new VerifiedHandlerFactory(factory, owned, provider.GetRequiredService<ClientHandlers>()));

        DecorateBuilder(services);

        // A program with its own factory may have no factory of handlers, and so no handlers to verify.
        Decorate<IHttpClientFactory>(services, (provider, factory, owned) =>
            provider.GetService<IHttpMessageHandlerFactory>() is { } handlers
                ? new VerifiedClientFactory(
                    factory, owned, handlers, provider.GetRequiredService<OutboundTlsRegistration>())
                : factory);
    }

    /// <summary>
    /// Decorates the platform's builder, also one that is registered only later. A builder of the program's own stays
    /// what it is, because the program's actions may look for its type.
    /// </summary>
    private static void DecorateBuilder(IServiceCollection services)
    {
        var ofPlatform = new ServiceCollection().AddHttpClient()
            .Last(service => service.ServiceType == typeof(HttpMessageHandlerBuilder));
        services.TryAdd(ofPlatform);
        Decorate<HttpMessageHandlerBuilder>(
            services,
            (provider, builder, _) =>
                new GuardedHandlerBuilder(builder, provider.GetRequiredService<ClientHandlers>().Guard),
            registered => registered.ImplementationType == ofPlatform.ImplementationType);
    }

    private static void Decorate<T>(
        IServiceCollection services, Func<IServiceProvider, T, IDisposable?, T> decorate,
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

    private sealed class Decorated<T>(
        ServiceDescriptor registered, Func<IServiceProvider, T, IDisposable?, T> decorate)
        where T : class
    {
        public object Create(IServiceProvider services)
        {
            if (registered.ImplementationInstance is T instance)
            {
                return decorate(services, instance, null);
            }

            // The service provider does not know what is made here.
            var made = (T)(registered.ImplementationFactory?.Invoke(services)
                ?? ActivatorUtilities.CreateInstance(services, registered.ImplementationType!));
            return decorate(services, made, made as IDisposable);
        }
    }
}
