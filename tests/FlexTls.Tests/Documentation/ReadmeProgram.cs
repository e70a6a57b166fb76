// What the SDK of web programs brings in by itself.
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Readme;

/// <summary>The Program.cs that README.md shows: what stands between the marks.</summary>
internal static class ReadmeProgram
{
    public static async Task RunAsync(string[] args)
    {
        // <snippet>
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies/*.yaml"));
        builder.Services.AddHttpClient("orders", client => client.BaseAddress = new Uri("https://orders.internal.example")).AddOutboundTls();

        var app = builder.Build();
        app.MapGet("/orders/{id}", async (string id, IHttpClientFactory clients, CancellationToken ct) =>
            await clients.CreateClient("orders").GetStringAsync($"/orders/{id}", ct));
        await app.RunAsync();
        // </snippet>
    }
}
