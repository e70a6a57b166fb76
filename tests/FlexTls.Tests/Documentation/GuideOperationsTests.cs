using System.Text.Json;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Readme;
using Xunit;

namespace FlexTls.Documentation;

/// <summary>The endpoints for operators that docs/how-to/rotate-certificates.md shows do what it says of them.</summary>
public sealed class GuideOperationsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls");

    [Fact]
    public async Task Endpoints_TellWhatIsInForce_AndReadAnew()
    {
        Write("{}");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullName, Args = ["--urls=http://127.0.0.1:0", "--preventHostingStartup=true"] });
        builder.Logging.ClearProviders();
        builder.Services.AddAuthorization(options =>
            options.AddPolicy("operators", policy => policy.RequireAssertion(_ => true)));
        builder.Services.AddOutboundTls(tls =>
        {
            tls.AddPolicyFile("orders.yaml");
            tls.ReloadOnChange = false;
        });
        await using var app = GuideOperations.Build(builder);
        await app.StartAsync(Deadline.Token());
        using var browser = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        Assert.Equal(("Healthy", 1, "1.2"), (await browser.GetStringAsync("/internal/health", Deadline.Token()), await GenerationAsync(browser), MinVersion(app)));

        Write("minversion: \"1.4\"");
        Assert.Contains("FTLS2007", await ReloadAsync(browser), StringComparison.Ordinal);
        Assert.Equal(("Degraded", 1, "1.2"), (await browser.GetStringAsync("/internal/health", Deadline.Token()), await GenerationAsync(browser), MinVersion(app)));

        Write("minversion: \"1.3\"");
        Assert.DoesNotContain("FTLS2007", await ReloadAsync(browser), StringComparison.Ordinal);
        Assert.Equal(("Healthy", 2, "1.3"), (await browser.GetStringAsync("/internal/health", Deadline.Token()), await GenerationAsync(browser), MinVersion(app)));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string config) => File.WriteAllText(Path.Combine(_folder.FullName, "orders.yaml"), PolicyYaml.Binding("orders", config));

    private static async Task<string> ReloadAsync(HttpClient browser)
    {
        using var response = await browser.PostAsync("/internal/outbound-tls/reload", null, Deadline.Token());
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Deadline.Token());
    }

    private static async Task<int> GenerationAsync(HttpClient browser)
    {
        using var status = JsonDocument.Parse(await browser.GetStringAsync("/internal/outbound-tls", Deadline.Token()));
        return status.RootElement.GetProperty("upstreams").EnumerateArray().Single().GetProperty("generation").GetInt32();
    }

    private static string MinVersion(WebApplication app) =>
        app.Services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders").Effective.MinVersion == TlsVersion.Tls13 ? "1.3" : "1.2";
}
