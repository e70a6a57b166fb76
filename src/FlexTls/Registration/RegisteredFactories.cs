using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace FlexTls;

/// <summary>Whose factories of clients and handlers, and whose builder of handlers, are registered.</summary>
internal sealed class RegisteredFactories(IServiceCollection services)
{
    private readonly IServiceCollection _services = services;
    // A program with thousands of clients asks as often.
    private static readonly ConditionalWeakTable<IServiceCollection, RegisteredFactories> Known = [];
    private readonly HashSet<Type> _wrapped = [];
    private int _place, _seen;

    /// <summary>
    /// Of a collection of services; created with the first call. A collection that has been filled from others has the
    /// records of those.
    /// </summary>
    public static RegisteredFactories Of(IServiceCollection services)
    {
        if (Known.TryGetValue(services, out var known) && known.IsStillLast())
        {
            return known;
        }

        var own = new RegisteredFactories(services);
        foreach (var one in services.Where(IsRecord).Select(service => service.ImplementationInstance))
        {
            own._wrapped.UnionWith(((RegisteredFactories)one!)._wrapped);
        }

        services.AddSingleton(own);
        (own._place, own._seen) = (services.Count - 1, services.Count);
        Known.AddOrUpdate(services, own);
        return own;
    }

    /// <summary>Records that ours stands in front of the platform's.</summary>
    public void NoteWrapped(Type service) => _wrapped.Add(service);

    /// <summary>
    /// The program's own implementation of a service, in words; <see langword="null"/>: it is the platform's, or there
    /// is none. It is not created: it may need what the host has not started yet.
    /// </summary>
    public string? FindOwn(Type service) => _services.LastOrDefault(one => IsOf(one, service)) switch
    {
        null => null,
        var found when IsPlatforms(found) || IsOurs(found) => null,
        var found => (found.ImplementationType ?? found.ImplementationInstance?.GetType())?.Name ?? "one of its own",
    };

    /// <summary>
    /// The builder of handlers, in words, if it isn't ours and nothing verifies what it builds;
    /// <see langword="null"/>: all is well.
    /// </summary>
    public string? FindUnverifiedBuilder() =>
        VerifyAll || _services.LastOrDefault(one => IsOf(one, typeof(HttpMessageHandlerBuilder))) is not { } last
            || IsOurs(last)
            ? null : FindOwn(typeof(HttpMessageHandlerBuilder)) ?? "the platform's";

    /// <summary>
    /// Whether handlers from a builder that isn't ours are verified, whichever factory makes them: ours were put in
    /// front of the platform's before the program put its own in front of both, and the platform's are not back.
    /// </summary>
    public bool VerifyAll => Verifies(typeof(IHttpClientFactory)) && Verifies(typeof(IHttpMessageHandlerFactory));

    /// <summary>
    /// The platform's factory of handlers, whatever else is registered; <see langword="null"/>: there is none.
    /// </summary>
    public IHttpMessageHandlerFactory? CreatePlatforms(IServiceProvider provider) =>
        _services.LastOrDefault(one => IsOf(one, typeof(IHttpMessageHandlerFactory))
            && (IsPlatforms(one) || IsOurs(one)))
            ?.ImplementationFactory?.Invoke(provider) as IHttpMessageHandlerFactory;

    /// <summary>Whether a service is registered as this type, without a key.</summary>
    public static bool IsOf(ServiceDescriptor registered, Type service) =>
        !registered.IsKeyedService && registered.ServiceType == service;

    /// <summary>Whether the implementation is the platform's.</summary>
    public static bool IsPlatforms(ServiceDescriptor registered) =>
        IsFrom(registered, typeof(HttpClientFactoryOptions));

    private static bool IsRecord(ServiceDescriptor service) => IsOf(service, typeof(RegisteredFactories));

    /// <summary>Whether this record is where it was, and no other was added since.</summary>
    private bool IsStillLast()
    {
        var (seen, count) = (_seen, _services.Count);
        if (count < seen || !IsRecord(_services[_place]) || _services[_place].ImplementationInstance != this)
        {
            return false;
        }

        for (_seen = count; seen < count; seen++)
        {
            if (IsRecord(_services[seen]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOurs(ServiceDescriptor registered) => IsFrom(registered, typeof(RegisteredFactories));

    private bool Verifies(Type service) => _wrapped.Contains(service)
        && !(_services.LastOrDefault(one => IsOf(one, service)) is { } last && IsPlatforms(last));

    /// <summary>Whether the implementation is from the assembly of a type.</summary>
    private static bool IsFrom(ServiceDescriptor registered, Type type) =>
        (registered.ImplementationType ?? registered.ImplementationFactory?.Target?.GetType())?.Assembly
        == type.Assembly;
}
