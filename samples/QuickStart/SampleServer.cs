#pragma warning disable SYSLIB0040, CA1416 // OpenSSL has TLS 1.1 with ECDHE at its lowest security level only, which .NET reaches this way; and this sample is for Linux.
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace QuickStart;

/// <summary>Kestrel on a free port of the loopback address, which records how its requests came.</summary>
internal sealed class SampleServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Outcome> _requests = [];

    private SampleServer(ServerOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https => Apply(options, https))));
        _app = builder.Build();
        _app.Run(RespondAsync);
    }

    /// <summary>The address, under the name that the certificates have.</summary>
    public Uri Address => new UriBuilder(_app.Urls.Single()) { Host = "localhost" }.Uri;

    /// <summary>The requests, in the words of the table. Complete when the server is disposed.</summary>
    public IReadOnlyCollection<Outcome> Requests => _requests;

    public static async Task<SampleServer> StartAsync(ServerOptions options, CancellationToken ct)
    {
        var server = new SampleServer(options);
        await server._app.StartAsync(ct);
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static void Apply(ServerOptions options, HttpsConnectionAdapterOptions https)
    {
        https.ServerCertificate = options.Certificate;
        https.ServerCertificateChain = options.Intermediates;
        https.SslProtocols = options.Versions;
        https.ClientCertificateMode = options.RequiresClientCertificate ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
        https.AllowAnyClientCertificate();
        if (options.CipherSuites.Count > 0)
        {
            https.OnAuthenticate = (_, ssl) =>
                (ssl.CipherSuitesPolicy, ssl.EncryptionPolicy) = (new CipherSuitesPolicy(options.CipherSuites), EncryptionPolicy.AllowNoEncryption);
        }
    }

    private Task RespondAsync(HttpContext context)
    {
        _requests.Enqueue(Outcome.Connected(context.Features.GetRequiredFeature<ISslStreamFeature>().SslStream, context.Request.Protocol));
        return context.Response.WriteAsync("hello", context.RequestAborted);
    }
}
