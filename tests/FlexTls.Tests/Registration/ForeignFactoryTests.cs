using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace FlexTls.Registration;

/// <summary>The program's own factories are warned of and left alone; the platform's does what it did.</summary>
public class ForeignFactoryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FactoriesOfTheProgram_AreNotCreatedAtStart_ButWarnedOf(bool ofHandlers)
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default);
        _ = ofHandlers
            ? services.AddSingleton<IHttpMessageHandlerFactory, NotReady>()
            : services.AddSingleton<IHttpClientFactory, NotReady>();

        await host.StartAsync();

        var service = ofHandlers ? nameof(IHttpMessageHandlerFactory) : nameof(IHttpClientFactory);
        var warning = $"FTLS7036: The program's {service} is NotReady";
        Assert.Contains(host.Log.Warnings, line => line.Contains(warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutAClientUnderAPolicy_FiltersOfTheProgramAreNotCreatedAtStart()
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("free");
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        services.AddSingleton<IHttpMessageHandlerBuilderFilter, FilterNotReady>();
        services.AddSingleton<IConfigureOptions<HttpClientFactoryOptions>>(
            _ => throw new InvalidOperationException("The host does not run."));

        await host.StartAsync();
    }

    [Fact]
    public async Task AFactoryThatWasNotRegisteredWithThePolicies_IsWarnedOfToo()
    {
        await using var host = new PolicyHost();
        var module = new ServiceCollection();
        module.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default);
        foreach (var service in module)
        {
            host.Builder.Services.Add(service);
        }

        // The module has brought its own log.
        host.Builder.Services.AddSingleton<ILoggerFactory>(host.Log);
        host.Builder.Services.AddSingleton<IHttpClientFactory>(new Made());
        await host.StartAsync();

        Assert.Single(
            host.Log.Warnings, line => line.Contains("is Made: a client or handler", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AHandlerOfATest_IsMadeWithItsClient_AndNeverNull()
    {
        HttpMessageHandler? fake = null;
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default)
            .DangerousReplaceOutboundTls(() => fake!);
        host.Builder.Services.AddHttpClient("billing").AddOutboundTls(OutboundTlsPolicy.Default)
            .DangerousReplaceOutboundTls(() => fake!);
        await host.StartAsync();
        Assert.Throws<InvalidOperationException>(() => host["billing"]);

        fake = new SocketsHttpHandler();

        Assert.NotNull(host["orders"]);
    }

    [Fact]
    public async Task ThePlatformsFactory_IsStillOneOfBoth()
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default);
        services.AddSingleton(
            provider => (IHttpMessageHandlerFactory)provider.GetRequiredService<IHttpClientFactory>());

        await host.StartAsync();

        Assert.NotNull(host.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders"));
    }

    private sealed class FilterNotReady : IHttpMessageHandlerBuilderFilter
    {
        public FilterNotReady() => throw new InvalidOperationException("The host does not run.");

        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => next;
    }

    private sealed class Made : IHttpClientFactory, IHttpMessageHandlerFactory
    {
        public HttpClient CreateClient(string name) => new();

        public HttpMessageHandler CreateHandler(string name) => new SocketsHttpHandler();
    }

    private sealed class NotReady : IHttpClientFactory, IHttpMessageHandlerFactory
    {
        public NotReady() => throw new InvalidOperationException("The host does not run.");

        public HttpClient CreateClient(string name) => new();

        public HttpMessageHandler CreateHandler(string name) => new SocketsHttpHandler();
    }
}
