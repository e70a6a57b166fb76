using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters.Guides;

/// <summary>The program of docs/getting-started.md; eng/try-page.sh does all that the page says.</summary>
internal static class GettingStarted
{
    public static void Run(string[] args)
    {
        // <snippet>
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies/*.yaml"));
        builder.Services.AddHttpClient("orders", client => client.BaseAddress = new Uri("https://localhost:8443")).AddOutboundTls();

        var app = builder.Build();
        app.MapGet("/", (IHttpClientFactory clients) => clients.CreateClient("orders").GetStringAsync("/"));
        app.Run();
        // </snippet>
    }
}
