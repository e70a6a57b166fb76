using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>
/// Puts our factories and our builder of handlers in front of the platform's. Those of the program's own stay what they
/// are.
/// </summary>
internal sealed class FactoryDecoration(IServiceCollection services)
{
    /// <summary>Decorates what is registered now.</summary>
    public static void Decorate(IServiceCollection services)
    {
        Decorate<IHttpMessageHandlerFactory>(services, (provider, factory) =>
            new VerifiedFactory(factory, provider.GetRequiredService<ClientHandlers>()));

        Decorate<IHttpClientFactory>(services, (provider, factory) =>
            new VerifiedFactory(factory, provider.GetRequiredService<ClientHandlers>()));

        Decorate<HttpMessageHandlerBuilder>(services, (provider, builder) =>
            new GuardedHandlerBuilder(builder, provider.GetRequiredService<ClientHandlers>().Guard));
    }

    /// <summary>
    /// The program's own implementation of a service, in words; <see langword="null"/>: it is the platform's, or there
    /// is none. It is not created: it may need what the host has not started yet.
    /// </summary>
    public string? FindOwn(Type service) => services.LastOrDefault(one => IsOf(one, service)) switch
    {
        null => null,
        var found when IsFrom(found, typeof(HttpClientFactoryOptions)) || IsFrom(found, typeof(FactoryDecoration)) =>
            null,
        var found => (found.ImplementationType ?? found.ImplementationInstance?.GetType())?.Name ?? "one of its own",
    };

    /// <summary>
    /// The platform's factory of handlers, whatever else is registered; <see langword="null"/>: there is none.
    /// </summary>
    public IHttpMessageHandlerFactory? CreatePlatforms(IServiceProvider provider) =>
        services.LastOrDefault(one => IsOf(one, typeof(IHttpMessageHandlerFactory))
            && (IsFrom(one, typeof(HttpClientFactoryOptions)) || IsFrom(one, typeof(FactoryDecoration))))
            ?.ImplementationFactory?.Invoke(provider) as IHttpMessageHandlerFactory;

    private static void Decorate<T>(IServiceCollection services, Func<IServiceProvider, T, T> decorate)
        where T : class
    {
        // The same descriptor may stand there twice; the last one counts.
        var last = services.ToList().FindLastIndex(one => IsOf(one, typeof(T)));
        if (last >= 0 && services[last] is { } registered && IsFrom(registered, typeof(HttpClientFactoryOptions)))
        {
            services[last] = ServiceDescriptor.Describe(
                typeof(T), provider => decorate(provider, Create<T>(registered, provider)), registered.Lifetime);
        }
    }

    private static bool IsOf(ServiceDescriptor registered, Type service) =>
        !registered.IsKeyedService && registered.ServiceType == service;

    /// <summary>Whether the implementation is from the assembly of a type.</summary>
    private static bool IsFrom(ServiceDescriptor registered, Type type) =>
        (registered.ImplementationType ?? registered.ImplementationFactory?.Target?.GetType())?.Assembly
        == type.Assembly;

    private static T Create<T>(ServiceDescriptor registered, IServiceProvider services) =>
        (T)(registered.ImplementationFactory?.Invoke(services)
            ?? ActivatorUtilities.CreateInstance(services, registered.ImplementationType!));
}
