using FlexTls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the policies of upstreams.</summary>
public static class OutboundTlsServiceCollectionExtensions
{
    /// <summary>
    /// Registers the services of outbound TLS, without a policy. When the host starts, or at the first use without a
    /// host, policies are read and checked together with the clients bound to them; <see cref="TlsPolicyException"/>
    /// then lists all faults.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The services contain finished services of FlexTls from another container.
    /// </exception>
    public static IServiceCollection AddOutboundTls(this IServiceCollection services)
    {
        Register(services);
        return services;
    }

    /// <summary>Registers policies of upstreams; calls add up.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Names the sources of the policies.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The services contain finished services of FlexTls from another container.
    /// </exception>
    public static IServiceCollection AddOutboundTls(
        this IServiceCollection services, Action<OutboundTlsBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Register(services);
        var builder = new OutboundTlsBuilder(services);
        configure(builder);
        Add(services, registration => registration.Add(builder.Calls));
        if (builder.UnboundClients != UnboundClientBehavior.Stock)
        {
            // This applies to all clients, including those that are registered later.
            services.AddHttpClient();
            FactoryDecoration.Decorate(services);
        }

        return services;
    }

    /// <summary>Registers the policies in a section of the configuration; calls add up.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">
    /// The section itself, such as <c>builder.Configuration.GetSection("OutboundTls")</c>: <c>PolicyFiles</c>, and
    /// <c>Upstreams:&lt;name&gt;</c> with the keys of a policy.
    /// </param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// The services contain finished services of FlexTls from another container.
    /// </exception>
    public static IServiceCollection AddOutboundTls(this IServiceCollection services, IConfiguration section) =>
        services.AddOutboundTls(tls => tls.AddConfiguration(section));

    /// <summary>Registers the common services, once, and one call.</summary>
    internal static void Add(IServiceCollection services, Action<OutboundTlsRegistration> call)
    {
        Register(services);
        services.Configure(call);
    }

    private static void Register(IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var known = services.FirstOrDefault(service => service.ServiceType == typeof(OutboundTlsRegistration));
        if (known is not null && known.ImplementationFactory?.Method.Module != typeof(OutboundTlsRegistration).Module)
        {
            throw new InvalidOperationException(
                "These services contain finished services of FlexTls from another container, which read no further "
                + "calls: what is registered here would not be in force. Call AddOutboundTls where that container is "
                + "configured.");
        }

        RegisteredFactories.Of(services);
        FactoryDecoration.Decorate(services);
        if (known is not null)
        {
            return;
        }

        services.AddOptions();
        services.AddMetrics();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<OutboundTlsRegistration>>().Value);
        services.AddSingleton(new UnreadOptions(services));
        services.AddSingleton<ProgramTelemetry>();
        services.AddSingleton<UpstreamRegistry>();
        services.AddSingleton<IOutboundTlsContextProvider>(provider => provider.GetRequiredService<UpstreamRegistry>());
        services.AddSingleton<IOutboundTlsHandlerFactory, UpstreamHandlerFactory>();
        services.AddSingleton<IUpstreamObserver, ExpiryWatch>();
        services.AddSingleton<IOutboundTlsManager, OutboundTlsManager>();
        services.AddSingleton<ClientAddresses>();
        services.AddSingleton<ClientDecisions>();
        services.AddSingleton<ClientHandlers>();
        services.AddSingleton<ForeignFactories>();
        services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>>(
            provider => provider.GetRequiredService<ClientHandlers>());
        services.AddSingleton<IHostedService, StartupCheck>();
        FactoryDecoration.CheckChannels(services);
    }
}
