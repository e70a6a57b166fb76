using System.Net;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace FlexTls.Http;

/// <summary>Servers of this machine under all its names: localhost, 127.0.0.1 and ::1 are different authorities.</summary>
internal static class Loopbacks
{
    public static X509Certificate2 Certificate { get; } = Issue(Pki.Root);

    /// <summary>A good certificate of an authority that no policy trusts.</summary>
    public static X509Certificate2 ForeignCertificate { get; } = Issue(Pki.Foreign);

    /// <summary>A server that asks for a client certificate and takes any, or none.</summary>
    public static HttpUpstreamOptions Asking(X509Certificate2? certificate = null) =>
        new(certificate ?? Certificate) { ClientCertificates = ClientCertificateMode.AllowCertificate };

    /// <summary>A server that redirects all requests but those for <c>/done</c>.</summary>
    public static HttpUpstreamOptions Redirecting(Func<Uri> target, X509Certificate2? certificate = null) =>
        Asking(certificate) with { Respond = context => RedirectAsync(context, target) };

    /// <summary>The same address under another name: another authority.</summary>
    public static Uri Under(this Uri address, string host) => new UriBuilder(address) { Host = host }.Uri;

    private static Task RedirectAsync(HttpContext context, Func<Uri> target)
    {
        if (context.Request.Path == "/done")
        {
            return context.Response.WriteAsync("done", context.RequestAborted);
        }

        context.Response.Redirect(target().AbsoluteUri);
        return Task.CompletedTask;
    }

    private static X509Certificate2 Issue(TestCA ca) => ca.Issue("CN=loopback", new CertificateRequestOptions
    {
        DnsNames = ["localhost", Pki.Host],
        Addresses = [IPAddress.Loopback, IPAddress.IPv6Loopback],
    });
}
