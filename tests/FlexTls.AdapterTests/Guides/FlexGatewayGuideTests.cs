using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters.Guides;

public class FlexGatewayGuideTests
{
    [Fact]
    public async Task TheFolderOfAGateway_IsReadAsItIs()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
        }, Deadline.Token());
        using var folder = new GuideFolder();
        folder.WritePolicy("conf.d/orders.yaml", "orders");
        folder.Write("conf.d/rest.yaml", """
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: Configuration
            metadata: { name: logs }
            spec: { logging: { runtimeLogs: { logLevel: debug } } }
            ---
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: Service
            metadata: { name: orders }
            spec: { address: 'https://orders.example:443/' }
            """);
        var builder = folder.Builder();
        FlexGatewayGuide.AddFolder(builder);
        await using var app = builder.Build();

        await app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders")
            .GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal("CN=shop", Assert.Single(server.Requests).ClientCertificate);
    }

    [Fact]
    public async Task AClientWithoutAPolicy_OffersWhatTheGatewayOffers()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        using var folder = new GuideFolder();
        var builder = folder.Builder();
        FlexGatewayGuide.BehaveLikeTheGateway(builder);
        builder.Services.AddHttpClient("other");
        await using var app = builder.Build();

        // The operating system does not know the server's CA.
        await Assert.ThrowsAsync<HttpRequestException>(() => app.Services.GetRequiredService<IHttpClientFactory>()
            .CreateClient("other").GetStringAsync(server.Address, Deadline.Token()));

        var hello = Assert.Single(server.Hellos);
        Assert.Equal(["1.2"], hello.Versions);
        Assert.Empty(hello.Alpn);
    }
}
