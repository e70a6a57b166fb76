using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Rotation;

/// <summary>
/// Kestrel on a free port of the loopback address. It lets in only clients of the client CA, refuses requests under a
/// certificate that has expired since its connection was made, and remembers whom it saw.
/// </summary>
internal sealed class Upstream : IAsyncDisposable
{
    /// <summary>An answer that takes its time.</summary>
    public const string SlowPath = "/slow";

    private static readonly TimeSpan SlowTime = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, bool> _clients = [];

    private Upstream(TestCA ca, ClientCA clients)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = ca.IssueServer("localhost");
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => clients.Accepts(certificate);
        })));
        _app = builder.Build();
        _app.Run(RespondAsync);
    }

    /// <summary>The address, under the name that the certificate has.</summary>
    public Uri Address => new UriBuilder(_app.Urls.Single()) { Host = "localhost" }.Uri;

    public static async Task<Upstream> StartAsync(TestCA ca, ClientCA clients, CancellationToken ct)
    {
        var upstream = new Upstream(ca, clients);
        await upstream._app.StartAsync(ct);
        return upstream;
    }

    /// <summary>Whether a request came under this certificate.</summary>
    public bool HasSeen(X509Certificate2 client) => _clients.ContainsKey(client.Subject);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task RespondAsync(HttpContext context)
    {
        var client = context.Connection.ClientCertificate!;
        if (client.NotAfter < DateTime.Now)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        _clients.TryAdd(client.Subject, true);
        if (context.Request.Path == SlowPath)
        {
            await context.Response.WriteAsync("hello, ", context.RequestAborted);
            await Task.Delay(SlowTime, context.RequestAborted);
        }

        await context.Response.WriteAsync("world", context.RequestAborted);
    }
}
