using FlexTls.Http.Grpc;
using FlexTls.Support;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FlexTls.Adapters.Recipes;

/// <summary>Channels of gRPC clients that are configured past the client's handlers.</summary>
public sealed class GrpcChannelTests
{
    private static readonly Uri Address = new("https://localhost:1");

    public static TheoryData<string, bool> Channels => new()
    {
        { "own handler", true },
        { "own client", true },
        { "own handler by services", true },
        { "own handler, logged", true },
        { "wrapped handler", false },
        { "handler of the upstream", false },
        { "other settings", false },
        { "throws", false },
    };

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task AChannelWithAHandlerOfItsOwn_EndsTheStart(string channel, bool isRefused)
    {
        using var host = Host(client => Configure(client, channel));

        var failed = await Record.ExceptionAsync(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(isRefused, failed is not null);
        if (isRefused)
        {
            var fault = Assert.Single(Assert.IsType<TlsPolicyException>(failed).Diagnostics);
            Assert.Equal("FTLS7014", fault.Code);
            Assert.Contains("'EchoClient'", fault.Message, StringComparison.Ordinal);
            Assert.Contains("ConfigurePrimaryHttpMessageHandler", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WithoutAHost_TheClientIsRefused()
    {
        var services = new ServiceCollection();
        Configure(Add(services), "own handler");
        await using var provider = services.BuildServiceProvider();

        var refused = Assert.Throws<TlsPolicyException>(provider.GetRequiredService<Echo.EchoClient>);

        Assert.Equal("FTLS7014", Assert.Single(refused.Diagnostics).Code);
    }

    [Fact]
    public async Task AnActionThatFailsAtStart_IsAskedAgain_WhenTheChannelIsMade()
    {
        var isLoaded = false;
        using var host = Host(client => client.ConfigureChannel(options => options.HttpHandler = isLoaded
            ? new SocketsHttpHandler() : throw new InvalidOperationException("not loaded yet")));
        await host.StartAsync(TestContext.Current.CancellationToken);

        isLoaded = true;
        var refused = Assert.Throws<TlsPolicyException>(host.Services.GetRequiredService<Echo.EchoClient>);

        Assert.Equal("FTLS7014", Assert.Single(refused.Diagnostics).Code);
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
        return builder.Build();
    }

    private static IHttpClientBuilder Add(IServiceCollection services)
    {
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
        "throws" => client.ConfigureChannel(_ => throw new InvalidOperationException("not loaded yet")),
        _ => client.ConfigureChannel(options => options.MaxReceiveMessageSize = 1),
    };

    private sealed class Wrapper : DelegatingHandler;
}
