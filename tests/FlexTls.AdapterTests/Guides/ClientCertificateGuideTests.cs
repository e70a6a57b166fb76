using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters.Guides;

public class ClientCertificateGuideTests
{
    [Fact]
    public async Task ACertificateFromCode_IsPresented()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
        }, Deadline.Token());
        using var folder = new GuideFolder();
        using var certificate = Pki.Root.IssueClient("CN=from a store");
        var builder = folder.Builder();
        ClientCertificateGuide.AddClient(builder, () => certificate);
        await using var app = builder.Build();

        await app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders")
            .GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal(["CN=from a store"], server.Requests.Select(seen => seen.ClientCertificate));
    }
}
