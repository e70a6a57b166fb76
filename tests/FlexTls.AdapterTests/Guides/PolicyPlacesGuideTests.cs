using System.Security.Authentication;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters.Guides;

public class PolicyPlacesGuideTests
{
    private const string Page = "docs/how-to/choose-where-policies-live.md";

    [Theory]
    [InlineData("files", SslProtocols.Tls12, "CN=shop")]
    [InlineData("section", SslProtocols.Tls13, "CN=shop")]
    [InlineData("code", SslProtocols.Tls13, null)]
    public async Task EachPlace_HasAPolicyThatIsEnforced(string place, SslProtocols lowest, string? certificate)
    {
        await using var server = await StartAsync(SslProtocols.Tls12 | SslProtocols.Tls13);
        await using var old = await StartAsync(SslProtocols.Tls12);
        using var folder = new GuideFolder();
        folder.Write("appsettings.json", DocumentationPage.Fences(Page, "json").Single());
        folder.WritePolicy("policies/orders.yaml", "orders");
        var builder = folder.Builder();
        Action<WebApplicationBuilder> add = place switch
        {
            "files" => PolicyPlacesGuide.AddFiles,
            "section" => PolicyPlacesGuide.AddSection,
            _ => PolicyPlacesGuide.AddCode,
        };
        add(builder);
        if (place != "code")
        {
            builder.Services.AddHttpClient("orders").AddOutboundTls();
        }

        await using var app = builder.Build();
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        await client.GetStringAsync(server.Address, Deadline.Token());
        var refusal = await Record.ExceptionAsync(() => client.GetStringAsync(old.Address, Deadline.Token()));

        Assert.Equal(certificate, Assert.Single(server.Requests).ClientCertificate);
        Assert.Equal(lowest == SslProtocols.Tls12, refusal is null);
    }

    private static Task<HttpUpstream> StartAsync(SslProtocols versions) => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(Pki.EcServer)
        {
            Versions = versions,
            ClientCertificates = ClientCertificateMode.AllowCertificate,
        }, Deadline.Token());
}
