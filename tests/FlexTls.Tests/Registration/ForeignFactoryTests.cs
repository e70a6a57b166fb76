using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
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
            ? services.AddSingleton<IHttpMessageHandlerFactory, NotReady>() : services.AddSingleton<IHttpClientFactory, NotReady>();

        await host.StartAsync();

        var service = ofHandlers ? nameof(IHttpMessageHandlerFactory) : nameof(IHttpClientFactory);
        Assert.Contains(host.Log.Warnings, line => line.Contains($"FTLS7036: The program's {service} is NotReady", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ThePlatformsFactory_IsStillOneOfBoth()
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default);
        services.AddSingleton(provider => (IHttpMessageHandlerFactory)provider.GetRequiredService<IHttpClientFactory>());

        await host.StartAsync();

        Assert.NotNull(host.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders"));
    }

    private sealed class NotReady : IHttpClientFactory, IHttpMessageHandlerFactory
    {
        public NotReady() => throw new InvalidOperationException("The host does not run.");

        public HttpClient CreateClient(string name) => new();

        public HttpMessageHandler CreateHandler(string name) => new SocketsHttpHandler();
    }
}
