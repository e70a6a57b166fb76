using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/how-to/choose-where-policies-live.md shows.</summary>
internal static class PolicyPlacesGuide
{
    public static void AddFiles(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies/*.yaml"));
        // </snippet>
    }

    public static void AddSection(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddOutboundTls(builder.Configuration.GetSection("OutboundTls"));
        // </snippet>
    }

    public static void AddCode(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddHttpClient("orders").AddOutboundTls(policy =>
        {
            policy.TrustedCA = "file:certs/company-ca.crt";
            policy.MinVersion = TlsVersion.Tls13;
        });
        // </snippet>
    }
}
