using System.Security.Cryptography.X509Certificates;
using FlexTls.Adapters.Recipes;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Adapters.Guides;

/// <summary>What the page says is wrong with each snippet is so, and what it shows as the way out is not.</summary>
public class MigrationGuideTests
{
    private static readonly X509Certificate2 Expired = Pki.Root.Issue("CN=localhost", new CertificateRequestOptions
    {
        DnsNames = ["localhost"],
        NotBefore = DateTimeOffset.UtcNow.AddDays(-9),
        NotAfter = DateTimeOffset.UtcNow.AddDays(-1),
    });

    [Theory]
    [InlineData("anything", "foreign", "FTLS5003")]
    [InlineData("forgive", "foreign", "FTLS5003")]
    [InlineData("chain", "neighbor", "FTLS5021")]
    [InlineData("one", "expired", "FTLS5004")]
    public async Task ACallback_AcceptsAServer_ThatAPolicyRefuses(string callback, string presented, string code)
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(presented switch
        {
            "foreign" => Pki.Foreign.IssueServer("localhost"),
            "neighbor" => Pki.Root.IssueServer("neighbor.example"),
            _ => Expired,
        }), Deadline.Token());
        using var handler = new HttpClientHandler();
        switch (callback)
        {
            case "anything":
                MigrationGuide.AcceptAnything(handler);
                break;
            case "forgive":
                MigrationGuide.ForgiveChains(handler);
                break;
            case "chain":
                MigrationGuide.CheckTheChainAlone(handler, Pki.Root.Certificate);
                break;
            default:
                MigrationGuide.ExpectOne(handler, Expired.Thumbprint);
                break;
        }

        using var before = new HttpClient(handler);
        await using var after = new After("trustedCA: file:certs/company-ca.crt");

        await before.GetStringAsync(server.Address, Deadline.Token());
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() =>
            after.Client.GetStringAsync(server.Address, Deadline.Token()));

        Assert.Equal(code, RecipeServer.CodeIn(refusal));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task ALoadedCertificate_GoesAlongWithARedirect_AndAPolicysDoesNot()
    {
        await using var elsewhere = await StartAsync(
            context => context.Response.WriteAsync("", context.RequestAborted));
        await using var server = await StartAsync(context =>
        {
            context.Response.Redirect(elsewhere.Address.ToString());
            return Task.CompletedTask;
        });
        using var folder = new GuideFolder();
        using var handler = new HttpClientHandler();
        MigrationGuide.AcceptAnything(handler);
        MigrationGuide.LoadOnce(
            handler, Path.Combine(folder.Path, "certs/shop.crt"), Path.Combine(folder.Path, "certs/shop.key"));
        using var before = new HttpClient(handler);
        await using var after = new After(
            "trustedCA: file:certs/company-ca.crt",
            "certificate: { crt: file:certs/shop.crt, key: file:certs/shop.key }");

        await before.GetStringAsync(server.Address, Deadline.Token());
        await after.Client.GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal(["CN=shop", "CN=shop"], server.Requests.Select(seen => seen.ClientCertificate));
        Assert.Equal(["CN=shop", null], elsewhere.Requests.Select(seen => seen.ClientCertificate));
    }

    [Fact]
    public async Task OneVersion_KeepsTheNextOneOut()
    {
        await using var server = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        using var handler = new HttpClientHandler();
        MigrationGuide.AcceptAnything(handler);
        MigrationGuide.SetOneVersion(handler);
        using var before = new HttpClient(handler);
        await using var after = new After("trustedCA: file:certs/company-ca.crt", "minversion: \"1.2\"");

        await before.GetStringAsync(server.Address, Deadline.Token());
        await after.Client.GetStringAsync(server.Address, Deadline.Token());

        Assert.Equal(
            ["1.2", "1.3"], server.Requests.Select(seen => seen.Hello!.Versions.Contains("1.3") ? "1.3" : "1.2"));
    }

    private static Task<HttpUpstream> StartAsync(RequestDelegate respond) => HttpUpstream.StartAsync(
        new HttpUpstreamOptions(Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.AllowCertificate,
            Respond = respond,
        }, Deadline.Token());

    /// <summary>A client under a policy with these lines, which the page shows.</summary>
    private sealed class After : IAsyncDisposable
    {
        private readonly GuideFolder _folder = new();
        private readonly ServiceProvider _services;

        public After(params string[] lines)
        {
            var shown = string.Join('\n', DocumentationPage.Fences("docs/how-to/migrate-from-callbacks.md", "yaml"));
            Assert.All(lines, line => Assert.Contains(line, shown, StringComparison.Ordinal));
            _folder.Write("orders.yaml", Provided.Binding(
                "orders", string.Concat(lines.Select(line => "\n    " + line))));
            var services = new ServiceCollection();
            services.AddOutboundTls(tls => tls.AddPolicyFile(Path.Combine(_folder.Path, "orders.yaml")));
            services.AddHttpClient("orders").AddOutboundTls();
            _services = services.BuildServiceProvider();
        }

        public HttpClient Client => _services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            _folder.Dispose();
        }
    }
}
