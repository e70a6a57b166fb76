using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlexTls.Adapters.Guides;

/// <summary>What docs/how-to/test-without-tls.md shows.</summary>
internal static class TestingGuide
{
    public static void ReplaceUpstream(IServiceCollection services, HttpMessageHandler fake)
    {
        // <snippet>
        services.AddHttpClient("orders").DangerousReplaceOutboundTls(() => fake);
        // </snippet>
    }

    public static async Task WithCertificateAsync(Func<X509Certificate2, Task> test)
    {
        // <snippet>
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        // </snippet>
        await test(certificate);
    }

    public static void Forbid(WebApplicationBuilder builder)
    {
        // <snippet>
        builder.Services.AddOutboundTls(tls =>
        {
            if (builder.Environment.IsProduction())
            {
                tls.ForbidDangerous();
            }
        });
        // </snippet>
    }
}
