using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace FlexTls.Pages;

/// <summary>The policies cannot be used at all.</summary>
public class UnusableTests
{
    private const string Hostile = "<script>alert(\"1\")</script>'\0\u202Etxt";

    private static readonly TlsPolicyDiagnostic[] Faults =
    [
        new("FTLS1001", TlsPolicyDiagnosticSeverity.Error, "the text is not valid.", "policies/orders.yaml", 3, 7),
        new("FTLS9999", TlsPolicyDiagnosticSeverity.Warning, Hostile, Hostile, 0, 0),
    ];

    [Fact]
    public async Task Json_HasTheFaults()
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync(HttpMethod.Get);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(JsonSerializer.Serialize(new { Faults }, JsonSerializerOptions.Web), await host.JsonAsync());
    }

    [Fact]
    public async Task ThePage_HasTheFaultsWithTheirPlaces()
    {
        await using var host = await StartAsync();

        using var response = await host.SendAsync(HttpMethod.Get, "text/html");
        var page = await host.PageAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(["no-store"], response.Headers.GetValues("Cache-Control"));
        Assert.Equal(["Unusable", "Error FTLS1001", "Warning FTLS9999"], page.Badges);
        Assert.Contains("policies/orders.yaml(3,7)", page.Text, StringComparison.Ordinal);
        Assert.Empty(page.All("script"));
        Assert.Contains("<script>alert(\"1\")</script>'\\u0000\\u202Etxt", page.Text, StringComparison.Ordinal);
    }

    private static Task<PageHost> StartAsync() => PageHost.StartAsync(new PageHostOptions
    {
        Services = services => services.Replace(
            ServiceDescriptor.Singleton<IOutboundTlsManager>(new UnusableManager(Faults))),
    });
}
