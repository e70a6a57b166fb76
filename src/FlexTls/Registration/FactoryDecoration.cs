using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace FlexTls;

/// <summary>
/// Puts our factories and our builder of handlers in front of the platform's. Those of the program's own stay what they
/// are.
/// </summary>
internal static class FactoryDecoration
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

    /// <summary>Lets the channels of gRPC clients be checked, if the program can have some.</summary>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "A class is only created for a class.")]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicConstructors, typeof(CheckedGrpcOptions<>))]
    public static void CheckChannels(IServiceCollection services)
    {
        if (GrpcChannels.OptionsOfClient is { } options)
        {
            services.TryAddEnumerable(ServiceDescriptor.Transient(
                typeof(IPostConfigureOptions<>).MakeGenericType(options),
                typeof(CheckedGrpcOptions<>).MakeGenericType(options)));
        }
    }

    private static void Decorate<T>(IServiceCollection services, Func<IServiceProvider, T, T> decorate)
        where T : class
    {
        // The same descriptor may stand there twice; the last one counts.
        var last = services.ToList().FindLastIndex(one => RegisteredFactories.IsOf(one, typeof(T)));
        if (last >= 0 && services[last] is { } registered && RegisteredFactories.IsPlatforms(registered))
        {
            services[last] = ServiceDescriptor.Describe(
                typeof(T), provider => decorate(provider, Create<T>(registered, provider)), registered.Lifetime);
            RegisteredFactories.Of(services).NoteWrapped(typeof(T));
        }
    }

    private static T Create<T>(ServiceDescriptor registered, IServiceProvider services) =>
        (T)(registered.ImplementationFactory?.Invoke(services)
            ?? ActivatorUtilities.CreateInstance(services, registered.ImplementationType!));
}
