using FlexTls.Http;
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
            DecoratedFactories.DecorateBoth(services);
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
            RegisterThePlatformsAnew(services);
        }

        if (startsHost)
        {
            await Record.ExceptionAsync(host.StartAsync);
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
        DecoratedFactories.DecorateClients(services);
        services.AddSingleton<IHttpMessageHandlerBuilderFilter, Clearing>();
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        services.AddTransient(typeof(HttpMessageHandlerBuilder), builder);

        var handlers = host.Services.GetRequiredService<IHttpMessageHandlerFactory>();
        Assert.Throws<TlsPolicyException>(() => handlers.CreateHandler("orders"));

        Assert.Throws<TlsPolicyException>(() => host["orders"]);
    }

    [Theory]
    [InlineData("in front of ours")]
    [InlineData("in the place of ours")]
    [InlineData("alone")]
    public async Task FactoriesThatAreRegisteredAfterOurs_MayHaveABuilderOfTheirOwn(string factories)
    {
        await using var upstream = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        services.AddTransient<HttpMessageHandlerBuilder, OwnBuilder>();
        switch (factories)
        {
            case "in front of ours":
                DecoratedFactories.DecorateBoth(services);
                break;
            case "in the place of ours":
                DecoratedFactories.DecorateBothInPlace(services);
                break;
            default:
                services.AddSingleton<IHttpClientFactory, BuildingFactory>();
                break;
        }

        await host.StartAsync();
        await host["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFilterThatRenamesTheBuilder_DoesNotRenameTheClient(bool decoratesFactoriesBefore)
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient();
        if (decoratesFactoriesBefore)
        {
            DecoratedFactories.DecorateBoth(services);
        }

        services.AddSingleton<IHttpMessageHandlerBuilderFilter, Renaming>();
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        services.AddHttpClient("orders-eu").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
        await host.StartAsync();

        await host["orders-eu"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhereTheActionsAreGone_TheStartRefuses(bool hasOwnBuilder)
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient();
        DecoratedFactories.DecorateBoth(services);
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default);
        if (hasOwnBuilder)
        {
            services.AddTransient<HttpMessageHandlerBuilder, OwnBuilder>();
        }
        else
        {
            RegisterThePlatformsAnew(services);
        }

        services.PostConfigureAll<HttpClientFactoryOptions>(
            options => options.HttpMessageHandlerBuilderActions.Clear());

        var refused = await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync);

        Assert.Contains(refused.Diagnostics, fault => fault.Code == DiagnosticCodes.HandlerReplaced);
    }

    [Fact]
    public async Task AClientWithoutAPolicy_IsMadeAsBefore()
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient();
        DecoratedFactories.DecorateClients(services);
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

    private static void RegisterThePlatformsAnew(IServiceCollection services)
    {
        services.RemoveAll<IHttpClientFactory>();
        services.RemoveAll<IHttpMessageHandlerFactory>();
        services.RemoveAll<HttpMessageHandlerBuilder>();
        services.AddHttpClient();
    }

    private sealed class Renaming : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.Name = builder.Name!.Split('-')[0];
        };
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
}
