using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/how-to/present-a-client-certificate.md shows.</summary>
internal static class ClientCertificateGuide
{
    public static void AddClient(WebApplicationBuilder builder, Func<X509Certificate2> FindClientCertificate)
    {
        // <snippet>
        builder.Services.AddHttpClient("orders").AddOutboundTls(policy =>
        {
            policy.TrustedCA = "file:certs/company-ca.crt";
            policy.ClientCertificate = FindClientCertificate();
        });
        // </snippet>
    }
}
