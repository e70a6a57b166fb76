using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace FlexTls.Registration;

/// <summary>
/// Where neither the builder of handlers nor the factory is FlexTls's, nothing sees that a filter took the policy out:
/// the client is refused when it is made.
/// </summary>
public class UnverifiedHandlerTests
{
    public static TheoryData<Type?, bool, bool> Cases => new()
    {
        { typeof(OwnBuilder), true, false },
        { typeof(OwnBuilder), true, true },
        { typeof(StubbornBuilder), true, false },
        { typeof(StubbornBuilder), true, true },
        { null, false, true },
    };

    /// <param name="builder">The program's own builder; none: the platform's is registered once more.</param>
    /// <param name="decoratesFactories">Whether the program decorates the factories before.</param>
    /// <param name="startsHost">Whether a host starts.</param>
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task AClientThatMayBeUnderAPolicy_IsRefused(Type? builder, bool decoratesFactories, bool startsHost)
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient();
        if (decoratesFactories)
        {
            Decorate<IHttpClientFactory>(services, inner => new DecoratedClients(inner));
            Decorate<IHttpMessageHandlerFactory>(services, inner => new DecoratedHandlers(inner));
        }

        services.AddSingleton<IHttpMessageHandlerBuilderFilter, Clearing>();
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        if (builder is not null)
        {
            services.AddTransient(typeof(HttpMessageHandlerBuilder), builder);
        }
        else
        {
            services.RemoveAll<IHttpClientFactory>();
            services.RemoveAll<IHttpMessageHandlerFactory>();
            services.RemoveAll<HttpMessageHandlerBuilder>();
            services.AddHttpClient();
            services.AddSingleton<IHttpClientFactory>(
                provider => (IHttpClientFactory)provider.GetRequiredService<IHttpMessageHandlerFactory>());
            services.AddSingleton(PlatformsFactory);
            services.AddTransient(PlatformsBuilder);
        }

        if (startsHost)
        {
            await host.StartAsync();
        }

        var refused = Assert.Throws<TlsPolicyException>(() => host["orders"]);

        var fault = Assert.Single(refused.Diagnostics);
        Assert.Equal(DiagnosticCodes.HandlerReplaced, fault.Code);
        Assert.Contains("nothing verifies them", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, upstream.Connections);
    }

    [Theory]
    [InlineData(typeof(OwnBuilder))]
    [InlineData(typeof(StubbornBuilder))]
    public async Task AHandlerThatWasRefused_IsHandedOutByNoOtherFactory(Type builder)
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient();
        Decorate<IHttpClientFactory>(services, inner => new DecoratedClients(inner));
        services.AddSingleton<IHttpMessageHandlerBuilderFilter, Clearing>();
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        services.AddTransient(typeof(HttpMessageHandlerBuilder), builder);

        var handlers = host.Services.GetRequiredService<IHttpMessageHandlerFactory>();
        Assert.Throws<TlsPolicyException>(() => handlers.CreateHandler("orders"));

        Assert.Throws<TlsPolicyException>(() => host["orders"]);
    }

    [Fact]
    public async Task AClientWithAName_IsRefusedAtStart()
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default);
        var platforms = services.First(service => service.ServiceType == typeof(IHttpClientFactory));
        services.Remove(platforms);
        services.AddSingleton<IHttpClientFactory>(
            provider => new DecoratedClients((IHttpClientFactory)platforms.ImplementationFactory!(provider)));
        services.AddTransient<HttpMessageHandlerBuilder, OwnBuilder>();

        var refused = await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync);

        Assert.Equal(DiagnosticCodes.HandlerReplaced, Assert.Single(refused.Diagnostics).Code);
    }

    [Fact]
    public async Task AFactoryWithABuilderOfItsOwn_AfterOurs_IsServed()
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        services.AddSingleton<IHttpClientFactory, BuildingFactory>();
        await host.StartAsync();

        await host["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task AFactoryThatDecoratesOurs_MayHaveABuilderOfItsOwn()
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        services.AddTransient<HttpMessageHandlerBuilder, OwnBuilder>();
        Decorate<IHttpClientFactory>(services, inner => new DecoratedClients(inner));
        await host.StartAsync();

        await host["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task AClientWithoutAPolicy_IsMadeAsBefore()
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient();
        Decorate<IHttpClientFactory>(services, inner => new DecoratedClients(inner));
        services.AddTransient<HttpMessageHandlerBuilder, OwnBuilder>();
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default);

        Assert.NotNull(host["free"]);
    }

    [Fact]
    public async Task ATestsHandler_ThatABuilderIgnores_IsNotReplacedByThePlatforms()
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default)
            .DangerousReplaceOutboundTls(() => new SocketsHttpHandler());
        services.AddTransient<HttpMessageHandlerBuilder, StubbornBuilder>();
        await host.StartAsync();

        var refused = Assert.Throws<TlsPolicyException>(() => host["orders"]);

        Assert.Equal(DiagnosticCodes.HandlerReplaced, Assert.Single(refused.Diagnostics).Code);
    }

    private static IHttpMessageHandlerFactory PlatformsFactory(IServiceProvider provider) =>
        Platform<IHttpMessageHandlerFactory>(provider);

    private static HttpMessageHandlerBuilder PlatformsBuilder(IServiceProvider provider) =>
        Platform<HttpMessageHandlerBuilder>(provider);

    /// <summary>Makes the platform's implementation, whose type is internal.</summary>
    private static T Platform<T>(IServiceProvider provider)
        where T : class
    {
        var name = typeof(T) == typeof(HttpMessageHandlerBuilder)
            ? "Microsoft.Extensions.Http.DefaultHttpMessageHandlerBuilder"
            : "Microsoft.Extensions.Http.DefaultHttpClientFactory";
        return (T)ActivatorUtilities.CreateInstance(
            provider, typeof(HttpClientFactoryOptions).Assembly.GetType(name, throwOnError: true)!);
    }

    private static void Decorate<T>(IServiceCollection services, Func<T, T> decorate)
        where T : class
    {
        var inner = services.Last(service => service.ServiceType == typeof(T));
        services.AddSingleton(provider => decorate((T)inner.ImplementationFactory!(provider)));
    }

    private sealed class Clearing : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.PrimaryHandler = new SocketsHttpHandler();
            builder.AdditionalHandlers.Clear();
        };
    }

    private sealed class BuildingFactory(
        IServiceProvider services, IOptionsMonitor<HttpClientFactoryOptions> options) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name)
        {
            var builder = new OwnBuilder(services) { Name = name };
            foreach (var action in options.Get(name).HttpMessageHandlerBuilderActions)
            {
                action(builder);
            }

            return new HttpClient(builder.Build());
        }
    }

    private sealed class DecoratedClients(IHttpClientFactory inner) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => inner.CreateClient(name);
    }

    private sealed class DecoratedHandlers(IHttpMessageHandlerFactory inner) : IHttpMessageHandlerFactory
    {
        public HttpMessageHandler CreateHandler(string name) => inner.CreateHandler(name);
    }
}
