using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters.Guides;

public class TenantsGuideTests
{
    [Fact]
    public async Task EachRequest_PresentsTheCertificateOfItsTenant()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
        }, Deadline.Token());
        using var folder = new GuideFolder();
        foreach (var tenant in new[] { "tenant-7", "tenant-8" })
        {
            using var identity = Pki.Root.IssueClient("CN=" + tenant);
            folder.WriteIdentity("certs/" + tenant, identity);
            folder.WritePolicy($"tenants/{tenant}.yaml", tenant, tenant);
        }

        var builder = folder.Builder();
        TenantsGuide.AddClient(builder);
        await using var app = builder.Build();
        var clients = app.Services.GetRequiredService<IHttpClientFactory>();

        await TenantsGuide.SendAsync(clients, server.Address, "tenant-8", Deadline.Token());
        await TenantsGuide.SendAsync(clients, server.Address, "tenant-7", Deadline.Token());
        var unknown = await Assert.ThrowsAsync<HttpRequestException>(() =>
            TenantsGuide.SendAsync(clients, server.Address, "tenant-9", Deadline.Token()));

        Assert.Equal(["CN=tenant-8", "CN=tenant-7"], server.Requests.Select(seen => seen.ClientCertificate));
        Assert.Equal("FTLS7001", Recipes.RecipeServer.CodeIn(unknown));
    }
}
