using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>Whose factories of clients and handlers, and whose builder of handlers, are registered.</summary>
internal sealed class RegisteredFactories(IServiceCollection services)
{
    /// <summary>
    /// The program's own implementation of a service, in words; <see langword="null"/>: it is the platform's, or there
    /// is none. It is not created: it may need what the host has not started yet.
    /// </summary>
    public string? FindOwn(Type service) => services.LastOrDefault(one => IsOf(one, service)) switch
    {
        null => null,
        var found when IsPlatforms(found) || IsOurs(found) => null,
        var found => (found.ImplementationType ?? found.ImplementationInstance?.GetType())?.Name ?? "one of its own",
    };

    /// <summary>
    /// Whether handlers from a builder that is not ours are verified, whichever factory makes them: ours stand in front
    /// of the platform's, and not behind a factory of the program's own.
    /// </summary>
    /// <param name="builder">The builder. If it is the platform's, ours was taken away.</param>
    public bool Verifies(HttpMessageHandlerBuilder builder) =>
        builder.GetType().Assembly != typeof(HttpClientFactoryOptions).Assembly
        && HasOurs(typeof(IHttpClientFactory)) && HasOurs(typeof(IHttpMessageHandlerFactory));

    /// <summary>
    /// The platform's factory of handlers, whatever else is registered; <see langword="null"/>: there is none.
    /// </summary>
    public IHttpMessageHandlerFactory? CreatePlatforms(IServiceProvider provider) =>
        services.LastOrDefault(one => IsOf(one, typeof(IHttpMessageHandlerFactory))
            && (IsPlatforms(one) || IsOurs(one)))
            ?.ImplementationFactory?.Invoke(provider) as IHttpMessageHandlerFactory;

    /// <summary>Whether a service is registered as this type, without a key.</summary>
    public static bool IsOf(ServiceDescriptor registered, Type service) =>
        !registered.IsKeyedService && registered.ServiceType == service;

    /// <summary>Whether the implementation is the platform's.</summary>
    public static bool IsPlatforms(ServiceDescriptor registered) =>
        IsFrom(registered, typeof(HttpClientFactoryOptions));

    private static bool IsOurs(ServiceDescriptor registered) => IsFrom(registered, typeof(RegisteredFactories));

    private bool HasOurs(Type service) => services.Any(one => IsOf(one, service) && IsOurs(one));

    /// <summary>Whether the implementation is from the assembly of a type.</summary>
    private static bool IsFrom(ServiceDescriptor registered, Type type) =>
        (registered.ImplementationType ?? registered.ImplementationFactory?.Target?.GetType())?.Assembly
        == type.Assembly;
}
