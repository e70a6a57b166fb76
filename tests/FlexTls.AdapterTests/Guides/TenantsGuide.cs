using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/how-to/serve-several-tenants.md shows.</summary>
internal static class TenantsGuide
{
    public static void AddClient(WebApplicationBuilder builder)
    {
        // <recipe>
        builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("tenants/*.yaml"));
        builder.Services.AddHttpClient("bank").AllowUpstreamSelection();
        // </recipe>
    }

    public static async Task SendAsync(IHttpClientFactory clients, Uri address, string tenant, CancellationToken ct)
    {
        // <recipe>
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Options.Set(OutboundTlsRequest.Upstream, tenant);
        using var response = await clients.CreateClient("bank").SendAsync(request, ct);
        // </recipe>
        response.EnsureSuccessStatusCode();
    }
}
