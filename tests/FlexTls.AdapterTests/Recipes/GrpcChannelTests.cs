using FlexTls.Http.Grpc;
using FlexTls.Support;
using Grpc.Core;
using Grpc.Net.ClientFactory;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace FlexTls.Adapters.Recipes;

/// <summary>Channels of gRPC clients that are configured past the client's handlers.</summary>
public sealed class GrpcChannelTests
{
    private static readonly Uri Address = new("https://localhost:1");

    public static TheoryData<string> OtherChannels =>
        [
        "own handler", "own client", "own handler by services", "own handler, logged", "own handler of the scope",
        "late handler without a policy",
    ];

    public static TheoryData<string> GoodChannels =>
        ["wrapped handler", "handler of the upstream", "late handler", "selecting handler", "other settings"];

    [Theory]
    [MemberData(nameof(OtherChannels))]
    public async Task AChannelWithAHandlerOfItsOwn_IsRefused_WhenItIsMade(string channel)
    {
        using var host = Host(client => Configure(client, channel));
        await host.StartAsync(TestContext.Current.CancellationToken);

        var refused = Assert.Throws<TlsPolicyException>(host.Services.GetRequiredService<Echo.EchoClient>);

        var fault = Assert.Single(refused.Diagnostics);
        Assert.Equal("FTLS7014", fault.Code);
        Assert.Contains("'EchoClient'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ConfigurePrimaryHttpMessageHandler", fault.Message, StringComparison.Ordinal);
        var status = Assert.Single(host.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams);
        Assert.Equal(UpstreamTlsState.Degraded, status.State);
        Assert.Equal([fault], status.Degradation!.Diagnostics);
    }

    [Theory]
    [MemberData(nameof(GoodChannels))]
    public async Task AChannelThatLeadsToThePolicy_IsMade(string channel)
    {
        using var host = Host(client => Configure(client, channel));
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(host.Services.GetRequiredService<Echo.EchoClient>());
        var status = Assert.Single(host.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams);
        Assert.Equal(UpstreamTlsState.UpToDate, status.State);
    }

    [Fact]
    public async Task WhatAnActionDecidesWhenTheChannelIsMade_Counts()
    {
        var isOther = false;
        using var host = Host(client => client.ConfigureChannel(
            options => options.HttpHandler = isOther ? new SocketsHttpHandler() : options.HttpHandler));
        await host.StartAsync(TestContext.Current.CancellationToken);

        isOther = true;
        Assert.Throws<TlsPolicyException>(host.Services.GetRequiredService<Echo.EchoClient>);
        isOther = false;
        Assert.NotNull(host.Services.GetRequiredService<Echo.EchoClient>());

        var status = Assert.Single(host.Services.GetRequiredService<IOutboundTlsManager>().GetStatus().Upstreams);
        Assert.Equal(UpstreamTlsState.UpToDate, status.State);
    }

    [Fact]
    public async Task AnActionThatAsksForTheClientsHandler_GetsIt()
    {
        using var host = Host(client => client.ConfigureChannel((services, options) => options.HttpHandler =
            new Wrapper
            {
                InnerHandler = services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("EchoClient"),
            }));
        await host.StartAsync(TestContext.Current.CancellationToken);

        Assert.NotNull(host.Services.GetRequiredService<Echo.EchoClient>());
    }

    [Fact]
    public async Task AnActionForAllChannels_SaysNothingOfOtherClients()
    {
        var services = new ServiceCollection();
        services.AddOutboundTls(tls => tls.AddPolicy("orders", _ => { }));
        services.AddHttpClient("orders").AddOutboundTls();
        services.AddGrpcClient<Echo.EchoClient>(options => options.Address = Address);
        services.ConfigureAll<GrpcClientFactoryOptions>(all => all.ChannelOptionsActions.Add(
            options => options.HttpHandler = new SocketsHttpHandler()));
        await using var provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders"));
        Assert.NotNull(provider.GetRequiredService<Echo.EchoClient>());
    }

    /// <summary>What configures a client may need what runs only after the start.</summary>
    [Fact]
    public async Task TheStart_DoesNotReadTheOptionsOfClients()
    {
        Uri? discovered = null;
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", _ => { }));
        builder.Services.AddGrpcClient<Echo.EchoClient>(
            options => options.Address = discovered ?? throw new InvalidOperationException("not discovered yet"))
            .AddOutboundTls("orders");
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        discovered = Address;

        Assert.NotNull(host.Services.GetRequiredService<Echo.EchoClient>());
    }

    [Fact]
    public async Task AnActionThatIsAddedLate_IsCheckedToo()
    {
        using var host = Host(_ => { });
        await host.StartAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(host.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("EchoClient"));

        host.Services.GetRequiredService<IOptionsMonitor<GrpcClientFactoryOptions>>().Get("EchoClient")
            .ChannelOptionsActions.Add(options => options.HttpHandler = new SocketsHttpHandler());

        Assert.Throws<TlsPolicyException>(host.Services.GetRequiredService<Echo.EchoClient>);
    }

    [Fact]
    public async Task AnActionThatFails_FailsAsWithoutAPolicy()
    {
        using var host = Host(client => client.ConfigureChannel(
            _ => throw new InvalidOperationException("no settings")));
        await host.StartAsync(TestContext.Current.CancellationToken);

        var failed = Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<Echo.EchoClient>);

        Assert.Equal("no settings", failed.Message);
    }

    [Fact]
    public async Task AClientThatSelects_IsRefused()
    {
        var services = new ServiceCollection();
        services.AddOutboundTls(tls => tls.AddPolicy("orders", _ => { }));
        var client = services.AddGrpcClient<Echo.EchoClient>(options => options.Address = Address)
            .AllowUpstreamSelection();
        Configure(client, "own handler");
        await using var provider = services.BuildServiceProvider();

        var refused = Assert.Throws<TlsPolicyException>(provider.GetRequiredService<Echo.EchoClient>);

        Assert.Equal("FTLS7014", Assert.Single(refused.Diagnostics).Code);
    }

    [Fact]
    public async Task AWrapperThatAnActionKeeps_Works()
    {
        await using var server = await HttpUpstream.StartAsync(
            new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.RequireCertificate },
            Deadline.Token());
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.MutualTls())));
        var kept = new Wrapper();
        services.AddGrpcClient<Echo.EchoClient>(options => options.Address = server.Address)
            .AddOutboundTls("orders")
            .ConfigureChannel(options =>
            {
                kept.InnerHandler ??= options.HttpHandler!;
                options.HttpHandler = kept;
            });
        await using var provider = services.BuildServiceProvider();

        // The server speaks no gRPC.
        var client = provider.GetRequiredService<Echo.EchoClient>();
        await Assert.ThrowsAsync<RpcException>(
            async () => await client.OnceAsync(new Line(), cancellationToken: Deadline.Token()));

        Assert.Equal(Pki.Client.Subject, Assert.Single(server.Requests).ClientCertificate);
    }

    [Fact]
    public async Task AClientWithoutAPolicy_MayHaveAnyHandler()
    {
        var services = new ServiceCollection();
        services.AddOutboundTls(tls => tls.AddPolicy("orders", _ => { }));
        services.AddHttpClient("orders").AddOutboundTls();
        Configure(services.AddGrpcClient<Echo.EchoClient>(options => options.Address = Address), "own handler");
        await using var provider = services.BuildServiceProvider();

        Assert.NotNull(provider.GetRequiredService<Echo.EchoClient>());
    }

    private static IHost Host(Action<IHttpClientBuilder> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        configure(Add(builder.Services));
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new() { ValidateScopes = true }));
        return builder.Build();
    }

    private static IHttpClientBuilder Add(IServiceCollection services)
    {
        services.AddScoped<Wrapper>();
        services.AddOutboundTls(tls => tls.AddPolicy("orders", _ => { }));
        return services.AddGrpcClient<Echo.EchoClient>(options => options.Address = Address).AddOutboundTls("orders");
    }

    private static void Configure(IHttpClientBuilder client, string channel) => _ = channel switch
    {
        "own handler" => client.ConfigureChannel(options => options.HttpHandler = new SocketsHttpHandler()),
        "own client" => client.ConfigureChannel(options =>
            (options.HttpHandler, options.HttpClient) = (null, new HttpClient())),
        "own handler by services" => client.ConfigureChannel(
            (_, options) => options.HttpHandler = new SocketsHttpHandler()),
        "own handler, logged" => client.ConfigureChannel(options =>
        {
            _ = options.LoggerFactory!.CreateLogger("grpc");
            _ = options.ServiceProvider!.GetRequiredService<ILoggerFactory>();
            options.HttpHandler = new SocketsHttpHandler();
        }),
        "wrapped handler" => client.ConfigureChannel(
            options => options.HttpHandler = new Wrapper { InnerHandler = options.HttpHandler! }),
        "handler of the upstream" => client.ConfigureChannel((services, options) => options.HttpHandler =
            services.GetRequiredService<IOutboundTlsHandlerFactory>().CreateHandler("orders")),
        "late handler" => client.ConfigureChannel((services, options) => options.HttpHandler =
            services.GetRequiredService<IOutboundTlsHandlerFactory>()
                .CreateLateBoundHandler("orders", UnboundClientBehavior.Stock)),
        "late handler without a policy" => client.ConfigureChannel((services, options) => options.HttpHandler =
            services.GetRequiredService<IOutboundTlsHandlerFactory>()
                .CreateLateBoundHandler("billing", UnboundClientBehavior.Stock)),
        "selecting handler" => client.ConfigureChannel((services, options) => options.HttpHandler =
            services.GetRequiredService<IOutboundTlsHandlerFactory>().CreateSelectingHandler()),
        "own handler of the scope" => client.ConfigureChannel(
            options => options.HttpHandler = options.ServiceProvider!.GetRequiredService<Wrapper>()),
        _ => client.ConfigureChannel(options => options.MaxReceiveMessageSize = 1),
    };

    private sealed class Wrapper : DelegatingHandler;
}
