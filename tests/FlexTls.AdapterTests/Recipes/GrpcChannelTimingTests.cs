using FlexTls.Http.Grpc;
using FlexTls.Support;
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

    /// <summary>What configures a client may use another client, even while it is made.</summary>
    [Fact]
    public async Task OptionsThatNeedAClientUnderAPolicy_AreRead()
    {
        var services = new ServiceCollection();
        var client = Add(services, address: null);
        services.AddHttpClient("discovery").AddOutboundTls("orders");
        services.AddSingleton<Discovery>();
        services.AddSingleton<IConfigureOptions<GrpcClientFactoryOptions>, ConfigureByDiscovery>();
        client.ConfigureChannel(options => options.HttpHandler = new SocketsHttpHandler());
        await using var provider = services.BuildServiceProvider();

        await Task.Run(() => AssertRefused(provider), Deadline.Token()).WaitAsync(Deadline.Token());
    }

    /// <summary>The options of a client are read when the library reads them, and not with its handler.</summary>
    [Fact]
    public async Task AHandlerThatIsAskedForEarly_DoesNotReadTheOptions()
    {
        Uri? discovered = null;
        var services = new ServiceCollection();
        Add(services, address: null).ConfigureChannel(options => options.HttpHandler = new SocketsHttpHandler());
        services.Configure<GrpcClientFactoryOptions>("EchoClient", options =>
            options.Address = discovered ?? throw new InvalidOperationException("not discovered yet"));
        await using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("EchoClient");

        discovered = Address;

        AssertRefused(provider);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFactoryOfOptionsOfTheProgramsOwn_StaysInUse(bool isRegisteredBefore)
    {
        var services = new ServiceCollection();
        if (isRegisteredBefore)
        {
            services.AddTransient(typeof(IOptionsFactory<>), typeof(OwnFactory<>));
        }

        var client = Add(services, address: null);
        if (!isRegisteredBefore)
        {
            services.AddTransient(typeof(IOptionsFactory<>), typeof(OwnFactory<>));
        }

        client.ConfigureChannel(options => options.HttpHandler = new SocketsHttpHandler());
        await using var provider = services.BuildServiceProvider();

        AssertRefused(provider);
    }

    [Fact]
    public async Task WhatIsConfiguredLast_IsCheckedToo()
    {
        var services = new ServiceCollection();
        Add(services);
        services.PostConfigureAll<GrpcClientFactoryOptions>(options => options.ChannelOptionsActions.Add(
            channel => channel.HttpHandler = new SocketsHttpHandler()));
        await using var provider = services.BuildServiceProvider();

        AssertRefused(provider);
    }

    private static IHttpClientBuilder Add(IServiceCollection services) => Add(services, Address);

    private static IHttpClientBuilder Add(IServiceCollection services, Uri? address)
    {
        services.AddOutboundTls(tls => tls.AddPolicy("orders", _ => { }));
        return services.AddGrpcClient<Echo.EchoClient>(options => options.Address = address).AddOutboundTls("orders");
    }

    private static void AssertRefused(IServiceProvider services)
    {
        var refused = Assert.Throws<TlsPolicyException>(services.GetRequiredService<Echo.EchoClient>);
        Assert.Equal("FTLS7014", Assert.Single(refused.Diagnostics).Code);
    }

    private sealed class Discovery(IHttpMessageHandlerFactory handlers)
    {
        public HttpMessageHandler Handler { get; } = handlers.CreateHandler("discovery");

        public Uri Find() => Handler is null ? throw new InvalidOperationException() : Address;
    }

    private sealed class ConfigureByDiscovery(Discovery discovery) : IConfigureNamedOptions<GrpcClientFactoryOptions>
    {
        public void Configure(GrpcClientFactoryOptions options) => Configure("", options);

        public void Configure(string? name, GrpcClientFactoryOptions options) => options.Address = discovery.Find();
    }

    private sealed class OwnFactory<T>(
        IEnumerable<IConfigureOptions<T>> setups, IEnumerable<IPostConfigureOptions<T>> postConfigures,
        IEnumerable<IValidateOptions<T>> validations) : OptionsFactory<T>(setups, postConfigures, validations)
        where T : class
    {
        protected override T CreateInstance(string name)
        {
            var options = base.CreateInstance(name);
            if (options is GrpcClientFactoryOptions grpc)
            {
                grpc.Address = Address;
            }

            return options;
        }
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
