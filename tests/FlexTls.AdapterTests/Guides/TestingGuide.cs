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
        // <recipe>
        services.AddHttpClient("orders").DangerousReplaceOutboundTls(() => fake);
        // </recipe>
    }

    public static async Task WithCertificateAsync(Func<X509Certificate2, Task> test)
    {
        // <recipe>
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        // </recipe>
        await test(certificate);
    }

    public static void Forbid(WebApplicationBuilder builder)
    {
        // <recipe>
        builder.Services.AddOutboundTls(tls =>
        {
            if (builder.Environment.IsProduction())
            {
                tls.ForbidDangerous();
            }
        });
        // </recipe>
    }
}
