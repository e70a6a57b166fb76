using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace FlexTls.Support;

/// <summary>Kestrel on a free port of the loopback address; it records every ClientHello and every request.</summary>
internal sealed class HttpUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ClientHello> _hellosByConnection;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ends = new(StringComparer.Ordinal);

    private HttpUpstream(WebApplication app, ConcurrentDictionary<string, ClientHello> hellosByConnection) =>
        (_app, _hellosByConnection) = (app, hellosByConnection);

    /// <summary>What each client offered, whether its handshake went well or not, in their order.</summary>
    public ConcurrentQueue<ClientHello> Hellos { get; } = new();

    public IEnumerable<string> ServerNames => Hellos.Select(hello => hello.ServerName ?? "");

    /// <summary>The requests that came, in their order.</summary>
    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    /// <summary>The connections that are not closed yet, whether their handshakes are done or not.</summary>
    public int OpenConnections => _ends.Count(end => !end.Value.Task.IsCompleted);

    /// <summary>All connections that ever came.</summary>
    public int Connections => _ends.Count;

    /// <summary>The address under the name localhost; under the IP address where it listens on another than 127.0.0.1.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
        .Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    public int Port => Address.Port;

    public static Task<HttpUpstream> StartAsync(X509Certificate2 certificate, HttpProtocols protocols, CancellationToken ct) =>
        StartAsync(new HttpUpstreamOptions(certificate) { Protocols = protocols }, ct);

    public static async Task<HttpUpstream> StartAsync(HttpUpstreamOptions options, CancellationToken ct)
    {
        // Neither settings files, which are watched, nor loggers.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        options.Services?.Invoke(builder.Services);
        HttpUpstream? upstream = null;
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromHours(1)).ConfigureKestrel(kestrel => kestrel.Listen(options.Address, 0, listen =>
        {
            listen.Protocols = options.Protocols;
            listen.Use(next => connection => upstream!.WatchAsync(connection, options, next));
            if (!options.IsPlain)
            {
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = options.Certificate;
                    https.SslProtocols = options.Versions;
                    https.ClientCertificateMode = options.ClientCertificates;
                    https.ClientCertificateValidation = (certificate, _, _) => options.TrustsClient(certificate);
                    https.TlsClientHelloBytesCallback = (connection, bytes) => upstream!.Record(connection.ConnectionId, ClientHello.Decode(bytes.ToArray()));
                });
            }
        }));
        var app = builder.Build();
        app.Use((context, next) =>
        {
            upstream!.Record(context);
            return next(context);
        });
        options.Configure?.Invoke(app);
        app.Run(options.Respond);
        upstream = new HttpUpstream(app, new ConcurrentDictionary<string, ClientHello>(StringComparer.Ordinal));
        await app.StartAsync(ct);
        return upstream;
    }

    /// <summary>Waits for the end of a connection.</summary>
    public Task EndOfAsync(string connectionId, CancellationToken ct) => _ends[connectionId].Task.WaitAsync(ct);

    /// <summary>Waits until no connection is open but those that come meanwhile.</summary>
    public Task EndOfAllAsync(CancellationToken ct) => Task.WhenAll(_ends.Values.Select(end => end.Task)).WaitAsync(ct);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task WatchAsync(ConnectionContext connection, HttpUpstreamOptions options, ConnectionDelegate next)
    {
        var end = _ends[connection.ConnectionId] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await options.BeforeTls();
            await next(connection);
        }
        finally
        {
            end.SetResult();
        }
    }

    private void Record(string connectionId, ClientHello hello)
    {
        _hellosByConnection[connectionId] = hello;
        Hellos.Enqueue(hello);
    }

    private void Record(HttpContext context)
    {
        var handshake = context.Features.Get<ITlsHandshakeFeature>();
        Requests.Enqueue(new SeenRequest
        {
            Method = context.Request.Method,
            Path = context.Request.Path,
            Protocol = context.Request.Protocol,
            Host = context.Request.Host.Value ?? "",
            ConnectionId = context.Connection.Id,
            TlsVersion = handshake?.Protocol ?? default,
            CipherSuite = handshake?.NegotiatedCipherSuite,
            ClientCertificate = context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate?.Subject,
            Hello = _hellosByConnection.GetValueOrDefault(context.Connection.Id),
        });
    }
}
