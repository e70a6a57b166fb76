using FlexTls.Http.Grpc;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters.Recipes;

/// <summary>What docs/recipes/grpc.md shows.</summary>
internal static class GrpcRecipe
{
    public static void AddClient(IServiceCollection services, Uri address)
    {
        // <snippet>
        services.AddGrpcClient<Echo.EchoClient>(options => options.Address = address).AddOutboundTls("orders");
        // </snippet>
    }

    public static GrpcChannel CreateChannel(IServiceProvider services, Uri address)
    {
        // <snippet>
        var handlers = services.GetRequiredService<IOutboundTlsHandlerFactory>();
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handlers.CreateHandler("orders"),
            DisposeHttpClient = true,
        });
        // </snippet>
        return channel;
    }

    public static GrpcChannel CreateBalanced(IServiceProvider services, string host, IReadOnlyList<BalancerAddress> servers)
    {
        var resolver = new ServiceCollection()
            .AddSingleton<ResolverFactory>(new StaticResolverFactory(_ => servers)).BuildServiceProvider();
        // <snippet>
        var context = services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders");
        var channel = GrpcChannel.ForAddress($"static:///{host}", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { SslOptions = context.CreateClientOptions(host) },
            DisposeHttpClient = true,
            Credentials = ChannelCredentials.SecureSsl,
            ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() } },
            ServiceProvider = resolver,
        });
        // </snippet>
        return channel;
    }
}
