using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlexTls.Support;

/// <summary>Kestrel on a free port of the loopback address; it answers with the protocol that it saw and notes the server name.</summary>
internal sealed class HttpUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpUpstream(WebApplication app) => _app = app;

    public ConcurrentQueue<string> ServerNames { get; } = new();

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    public static async Task<HttpUpstream> StartAsync(X509Certificate2 certificate, HttpProtocols protocols, CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        HttpUpstream? upstream = null;
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(https => https.ServerCertificateSelector = (_, name) =>
            {
                upstream!.ServerNames.Enqueue(name ?? "");
                return certificate;
            });
        }));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync(context.Request.Protocol, context.RequestAborted));
        upstream = new HttpUpstream(app);
        await app.StartAsync(ct);
        return upstream;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
