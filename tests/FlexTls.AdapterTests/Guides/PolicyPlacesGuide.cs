using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/how-to/choose-where-policies-live.md shows.</summary>
internal static class PolicyPlacesGuide
{
    public static void AddFiles(WebApplicationBuilder builder)
    {
        // <recipe>
        builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies/*.yaml"));
        // </recipe>
    }

    public static void AddSection(WebApplicationBuilder builder)
    {
        // <recipe>
        builder.Services.AddOutboundTls(builder.Configuration.GetSection("OutboundTls"));
        // </recipe>
    }

    public static void AddCode(WebApplicationBuilder builder)
    {
        // <recipe>
        builder.Services.AddHttpClient("orders").AddOutboundTls(policy =>
        {
            policy.TrustedCA = "file:certs/company-ca.crt";
            policy.MinVersion = TlsVersion.Tls13;
        });
        // </recipe>
    }
}
