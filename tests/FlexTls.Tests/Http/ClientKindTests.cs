using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Http;

/// <summary>Every way in which the factory hands out a client leads to the same policy.</summary>
public class ClientKindTests
{
    [Theory]
    [InlineData("named")]
    [InlineData("typed")]
    [InlineData("typed under a name")]
    [InlineData("keyed")]
    [InlineData("keyed by a default of all clients")]
    public async Task AClient_ShowsItsServerWhatThePolicySays(string kind)
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.RequireCertificate }, Deadline.Token());
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls =>
            {
                tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.MutualTls()));
                tls.AddPolicy("OrdersClient", OutboundTlsPolicy.Create(Pki.MutualTls()));
            });
            Add(services, kind, client => client.BaseAddress = server.Address);
        });

        Assert.Equal("HTTP/2", await ProtocolAsync(clients, kind));

        var seen = Assert.Single(server.Requests);
        Assert.Equal((Pki.Client.Subject, "h2,http/1.1", "localhost"), (seen.ClientCertificate, string.Join(',', seen.Hello!.Alpn), seen.Hello.ServerName));
    }

    private static void Add(IServiceCollection services, string kind, Action<HttpClient> configure)
    {
        switch (kind)
        {
            case "named":
                services.AddHttpClient("orders", configure).AddOutboundTls();
                break;
            case "typed":
                services.AddHttpClient<OrdersClient>(configure).AddOutboundTls();
                break;
            case "typed under a name":
                services.AddHttpClient<OrdersClient>("orders", configure).AddOutboundTls();
                break;
            case "keyed":
                services.AddHttpClient("orders", configure).AddOutboundTls().AddAsKeyed();
                break;
            default:
                services.ConfigureHttpClientDefaults(client => client.AddOutboundTls().AddAsKeyed());
                services.AddHttpClient("orders", configure);
                break;
        }
    }

    private static async Task<string> ProtocolAsync(ClientHost clients, string kind)
    {
        if (kind == "named")
        {
            return await clients["orders"].GetStringAsync("", Deadline.Token());
        }

        if (kind.StartsWith("typed", StringComparison.Ordinal))
        {
            return await clients.Services.GetRequiredService<OrdersClient>().ProtocolAsync(Deadline.Token());
        }

        await using var scope = clients.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredKeyedService<HttpClient>("orders").GetStringAsync("", Deadline.Token());
    }
}
