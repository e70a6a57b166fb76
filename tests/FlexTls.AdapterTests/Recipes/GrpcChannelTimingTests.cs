using FlexTls.Http.Grpc;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace FlexTls.Adapters.Recipes;

/// <summary>
/// A channel is checked whoever creates the client's handler, and whenever the library reads the client's options.
/// </summary>
public sealed class GrpcChannelTimingTests
{
    private static readonly Uri Address = new("https://localhost:1");

    [Fact]
    public async Task UnderAFactoryThatWasRegisteredBefore_AChannelIsChecked()
    {
        var services = new ServiceCollection();
        services.AddHttpClient();
        var platforms = services.Last(service => service.ServiceType == typeof(IHttpMessageHandlerFactory));
        services.AddSingleton<IHttpMessageHandlerFactory>(provider =>
            new Decorator((IHttpMessageHandlerFactory)platforms.ImplementationFactory!(provider)));
        Add(services).ConfigureChannel(options => options.HttpHandler = new SocketsHttpHandler());
        await using var provider = services.BuildServiceProvider();

        AssertRefused(provider);
    }

    /// <summary>What configures a client may need what runs only after the start.</summary>
    [Fact]
    public async Task UnderAFactoryThatWasRegisteredBefore_TheStartDoesNotReadTheOptionsOfClients()
    {
        Uri? discovered = null;
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHttpClient();
        var platforms = builder.Services.Last(service => service.ServiceType == typeof(IHttpMessageHandlerFactory));
        builder.Services.AddSingleton<IHttpMessageHandlerFactory>(provider =>
            new Decorator((IHttpMessageHandlerFactory)platforms.ImplementationFactory!(provider)));
        Add(builder.Services).ConfigureChannel(options => options.HttpHandler = new SocketsHttpHandler());
        builder.Services.Configure<GrpcClientFactoryOptions>("EchoClient", options =>
            options.Address = discovered ?? throw new InvalidOperationException("not discovered yet"));
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        discovered = Address;

        AssertRefused(host.Services);
    }

    [Fact]
    public async Task OptionsThatAreReloadedWhileTheHandlerIsMade_AreChecked()
    {
        var reloads = new Reloads();
        var services = new ServiceCollection();
        services.AddSingleton<IOptionsChangeTokenSource<GrpcClientFactoryOptions>>(reloads);
        Add(services)
            .ConfigureChannel(options => options.HttpHandler = new SocketsHttpHandler())
            .UseSocketsHttpHandler((_, _) => reloads.Fire());
        await using var provider = services.BuildServiceProvider();

        AssertRefused(provider);
    }

    private static IHttpClientBuilder Add(IServiceCollection services)
    {
        services.AddOutboundTls(tls => tls.AddPolicy("orders", _ => { }));
        return services.AddGrpcClient<Echo.EchoClient>(options => options.Address = Address).AddOutboundTls("orders");
    }

    private static void AssertRefused(IServiceProvider services)
    {
        var refused = Assert.Throws<TlsPolicyException>(services.GetRequiredService<Echo.EchoClient>);
        Assert.Equal("FTLS7014", Assert.Single(refused.Diagnostics).Code);
    }

    private sealed class Decorator(IHttpMessageHandlerFactory inner) : IHttpMessageHandlerFactory
    {
        public HttpMessageHandler CreateHandler(string name) => inner.CreateHandler(name);
    }

    private sealed class Reloads : IOptionsChangeTokenSource<GrpcClientFactoryOptions>
    {
        private ConfigurationReloadToken _token = new();

        public string Name => "EchoClient";

        public IChangeToken GetChangeToken() => _token;

        public void Fire() => Interlocked.Exchange(ref _token, new ConfigurationReloadToken()).OnReload();
    }
}
