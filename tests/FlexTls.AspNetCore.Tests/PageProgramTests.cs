using System.Net;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace FlexTls.Pages;

public class PageProgramTests
{
    [Fact]
    public async Task TheProgramOfThePage_ShowsTheStatus_ToThisMachine()
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddOutboundTls();
        await using var app = PageProgram.Build(builder);
        await app.StartAsync(Deadline.Token());
        using var browser = new HttpClient();

        using var answer = await browser.GetAsync(new Uri(new Uri(app.Urls.Single()), "/internal/outbound-tls"), Deadline.Token());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"upstreams\"", await answer.Content.ReadAsStringAsync(Deadline.Token()), StringComparison.Ordinal);
    }
}
