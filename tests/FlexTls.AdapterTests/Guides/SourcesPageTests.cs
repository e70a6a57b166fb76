using System.Text;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters.Guides;

public class SourcesPageTests
{
    [Fact]
    public async Task APolicyOfTheControlPlane_WithSecretsOfTheVault_IsEnforced()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
        }, Deadline.Token());
        using var identity = Pki.Root.IssueClient("CN=of the vault");
        var client = new SourcesPage.Client();
        client.Policies.Add(("orders", Provided.Binding(
            "orders", DocumentationPage.Fences("docs/sources.md", "yaml").Single()["config:".Length..].Indented(2))));
        client.Secrets["pki/ca"] = Encoding.UTF8.GetBytes(Pki.Root.Pem);
        client.Secrets["pki/orders/key"] = Encoding.UTF8.GetBytes(identity.KeyPem());
        client.Secrets["pki/orders/crt"] = Encoding.UTF8.GetBytes(identity.ExportCertificatePem());
        using var folder = new GuideFolder();
        var builder = folder.Builder();
        builder.Services.AddSingleton(client);
        SourcesPage.AddSource(builder);
        builder.Services.AddOutboundTls(SourcesPage.AddProvider);
        builder.Services.AddHttpClient("orders").AddOutboundTls();
        await using var app = builder.Build();

        await app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders")
            .GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal("CN=of the vault", Assert.Single(server.Requests).ClientCertificate);
    }

    [Fact]
    public async Task CodeThatLoadsPolicies_HasAClientOfItsOwn()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        using var folder = new GuideFolder();
        folder.WritePolicy("policies/vault.yaml", "vault");
        using var vault = SourcesPage.CreateOwnClient(Path.Combine(folder.Path, "policies/vault.yaml"));

        await vault.GetStringAsync(server.Address, Deadline.Token());

        Assert.Single(server.Requests);
    }
}
