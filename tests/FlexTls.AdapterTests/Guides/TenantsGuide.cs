using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/how-to/serve-several-tenants.md shows.</summary>
internal static class TenantsGuide
{
    public static void AddClient(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("tenants/*.yaml"));
        builder.Services.AddHttpClient("bank").AllowUpstreamSelection();
        // </snippet>
    }

    public static async Task SendAsync(IHttpClientFactory clients, Uri address, string tenant, CancellationToken ct)
    {
        // <snippet>
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Options.Set(OutboundTlsRequest.Upstream, tenant);
        using var response = await clients.CreateClient("bank").SendAsync(request, ct);
        // </snippet>
        response.EnsureSuccessStatusCode();
    }
}
