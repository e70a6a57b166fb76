using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlexTls.GatewayComparison;

/// <summary>The upstream: HTTP/1.1 under TLS, with a client certificate of the client CA, which a header field shows.</summary>
internal static class UpstreamServer
{
    public const string Argument = "--upstream";
    public const string ClientField = "x-client";
    public const string Small = "/small";
    public const string Large = "/large";

    public static async Task RunAsync(string folder)
    {
        var server = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "server.pem"), Path.Combine(folder, "server.pem"));
        var clients = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "client-ca.crt"));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = server;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (certificate, _, _) => IsOf(clients, certificate);
            });
        }));
        var app = builder.Build();
        var (small, large) = (new byte[100], new byte[64 * 1024]);
        app.Run(context =>
        {
            var body = context.Request.Path == Large ? large : small;
            context.Response.ContentLength = body.Length;
            context.Response.Headers[ClientField] = context.Connection.ClientCertificate!.Subject;
            return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
        });
        await app.StartAsync();
        Console.WriteLine(new UriBuilder(app.Urls.Single()) { Host = "localhost" }.Uri);
        await app.WaitForShutdownAsync();
    }

    private static bool IsOf(X509Certificate2 ca, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(ca);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
