using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Registration;

/// <summary>A program's own factories around those that are registered.</summary>
internal static class DecoratedFactories
{
    public static void Decorate<T>(IServiceCollection services, Func<T, T> decorate)
        where T : class
    {
        var inner = services.Last(service => service.ServiceType == typeof(T));
        services.AddSingleton(provider => decorate((T)inner.ImplementationFactory!(provider)));
    }

    public static void DecorateInPlace<T>(IServiceCollection services, Func<T, T> decorate)
        where T : class
    {
        var inner = services.Last(service => service.ServiceType == typeof(T));
        services[services.IndexOf(inner)] = ServiceDescriptor.Singleton(
            provider => decorate((T)inner.ImplementationFactory!(provider)));
    }

    public sealed class Clients(IHttpClientFactory inner) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => inner.CreateClient(name);
    }

    public sealed class Handlers(IHttpMessageHandlerFactory inner) : IHttpMessageHandlerFactory
    {
        public HttpMessageHandler CreateHandler(string name) => inner.CreateHandler(name);
    }
}
