using System.Net;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FlexTls.Benchmarks;

/// <summary>
/// A server in a process of its own, so that nothing of it is counted as the client's. It tells its starter, in one line,
/// its address and its root, and ends when its input does.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class HttpServer
{
    public const string Argument = "--http-server";

    public static async Task RunAsync(SslProtocols version)
    {
        using var root = TestCA.Root();
        using var intermediate = root.Intermediate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = intermediate.IssueServer(HttpScenario.Host);
            https.ServerCertificateChain = [intermediate.Certificate];
            https.SslProtocols = version;
        })));
        await using var app = builder.Build();
        // By its answers the client can tell whether it measures what it means to.
        app.Run(context => context.Response.WriteAsync($"{context.Connection.Id.PadRight(20)} {context.Request.Protocol}"));
        await app.StartAsync();
        Console.WriteLine($"{new Uri(app.Urls.Single()).Port} {Convert.ToBase64String(root.Certificate.Export(X509ContentType.Cert))}");
        await Console.In.ReadToEndAsync();
    }
}
