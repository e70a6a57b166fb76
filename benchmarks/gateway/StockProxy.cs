using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace FlexTls.GatewayComparison;

/// <summary>The process of <see cref="StockGateway"/>: a CA and a client certificate in the handler's TLS options.</summary>
internal static class StockProxy
{
    public const string Argument = "--stock";

    public static async Task RunAsync(string folder)
    {
        var given = (await File.ReadAllTextAsync(Path.Combine(folder, "stock/arguments"))).Trim().Split(' ');
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, Port(given[0]), listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, Port(given[1]), listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddReverseProxy()
            .LoadFromMemory(
                [new RouteConfig { RouteId = "all", ClusterId = "upstream", Match = new RouteMatch { Path = "{**rest}" } }],
                [new ClusterConfig
                {
                    ClusterId = "upstream",
                    Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = given[2] } },
                }])
            .ConfigureHttpClient((_, handler) => handler.SslOptions = Options(folder));
        var app = builder.Build();
        app.MapReverseProxy();
        await app.RunAsync();
    }

    private static int Port(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static SslClientAuthenticationOptions Options(string folder)
    {
        var pem = Path.Combine(folder, "client.pem");
        return new SslClientAuthenticationOptions
        {
            ClientCertificateContext = SslStreamCertificateContext.Create(
                X509Certificate2.CreateFromPemFile(pem, pem), [], offline: true),
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "server-ca.crt")) },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
    }
}
