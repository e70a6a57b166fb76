using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>
/// Puts our factories and our builder of handlers in front of the platform's. Those of the program's own stay what they
/// are.
/// </summary>
internal static class FactoryDecoration
{
    /// <summary>Where the platform's are.</summary>
    public static Assembly Platform => typeof(HttpClientFactoryOptions).Assembly;

    public static void Decorate(IServiceCollection services)
    {
        Decorate<IHttpMessageHandlerFactory>(services, (provider, factory) =>
            new VerifiedHandlerFactory(factory, provider.GetRequiredService<ClientHandlers>()));

        Decorate<IHttpClientFactory>(services, (provider, factory) =>
            new VerifiedClientFactory(factory, new VerifiedHandlerFactory(
                (IHttpMessageHandlerFactory)factory, provider.GetRequiredService<ClientHandlers>())));

        Decorate<HttpMessageHandlerBuilder>(services, (provider, builder) =>
            new GuardedHandlerBuilder(builder, provider.GetRequiredService<ClientHandlers>().Guard));
    }

    private static void Decorate<T>(IServiceCollection services, Func<IServiceProvider, T, T> decorate)
        where T : class
    {
        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i] is { IsKeyedService: false } registered && registered.ServiceType == typeof(T))
            {
                if (IsPlatforms(registered))
                {
                    services[i] = ServiceDescriptor.Describe(
                        typeof(T), provider => decorate(provider, Create<T>(registered, provider)),
                        registered.Lifetime);
                }

                return;
            }
        }
    }

    private static bool IsPlatforms(ServiceDescriptor registered) =>
        (registered.ImplementationType ?? registered.ImplementationFactory?.Target?.GetType())?.Assembly == Platform;

    private static T Create<T>(ServiceDescriptor registered, IServiceProvider services) =>
        (T)(registered.ImplementationFactory?.Invoke(services)
            ?? ActivatorUtilities.CreateInstance(services, registered.ImplementationType!));
}
