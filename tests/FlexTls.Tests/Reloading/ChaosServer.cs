using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace FlexTls.Reloading;

/// <summary>
/// Requires a client certificate, answers with its serial number, and remembers when each was seen first. It changes its
/// own certificate as a server does that is taken out of service in good order: no request is lost.
/// </summary>
internal sealed class ChaosServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _firsts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ConnectionContext, Connection> _connections = new();
    private readonly Lock _lock = new();
    private readonly WebApplication _app;
    private X509Certificate2 _certificate;
    private TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _requests;
    private long _accepted;

    private ChaosServer(X509Certificate2 certificate)
    {
        _certificate = certificate;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Use(next => connection => ServeAsync(next, connection));
            listen.UseHttps(https =>
            {
                https.ServerCertificateSelector = (connection, _) => Select(connection!);
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (_, _, _) => true;
            });
        }));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Address => new(_app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>How many connections were made.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    public static async Task<ChaosServer> StartAsync(X509Certificate2 certificate)
    {
        var server = new ChaosServer(certificate);
        await server._app.StartAsync(Deadline.Token());
        return server;
    }

    /// <summary>When a client certificate is seen first, as a timestamp. Asked before that.</summary>
    public Task<long> FirstSightOf(string serial) =>
        _firsts.GetOrAdd(serial, _ => new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(Deadline.Token());

    /// <summary>Presents another certificate from now on.</summary>
    /// <returns>Ends when no connection is left that was made under the one before.</returns>
    public async Task SwitchAsync(X509Certificate2 next)
    {
        lock (_lock)
        {
            _certificate = next;
        }

        foreach (var connection in _connections.Values)
        {
            // One of HTTP/2 that has not begun would fail: it is closed in good order with its first request.
            if (IsStale(connection) && connection.HasServed)
            {
                connection.Close();
            }
        }

        while (true)
        {
            var closed = Volatile.Read(ref _closed);
            if (!_connections.Values.Any(IsStale))
            {
                return;
            }

            await closed.Task.WaitAsync(Deadline.Token());
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ServeAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        Interlocked.Increment(ref _accepted);
        _connections[connection] = new Connection(connection.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>());
        connection.Features.Set(_connections[connection]);
        try
        {
            await next(connection);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            Interlocked.Exchange(ref _closed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    private X509Certificate2 Select(ConnectionContext connection)
    {
        lock (_lock)
        {
            return connection.Features.GetRequiredFeature<Connection>().Certificate = _certificate;
        }
    }

    private bool IsStale(Connection connection)
    {
        lock (_lock)
        {
            return connection.Certificate is { } certificate && certificate != _certificate;
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var connection = context.Features.GetRequiredFeature<Connection>();
        connection.HasServed = true;
        if (IsStale(connection))
        {
            connection.Close();
        }

        var serial = context.Connection.ClientCertificate!.SerialNumber;
        if (_firsts.TryRemove(serial, out var first))
        {
            first.SetResult(Stopwatch.GetTimestamp());
        }

        return context.Response.WriteAsync(serial, context.RequestAborted);
    }

    /// <summary>A connection, and the certificate that was presented on it.</summary>
    private sealed class Connection(IConnectionLifetimeNotificationFeature lifetime)
    {
        public X509Certificate2? Certificate { get; set; }

        public bool HasServed { get; set; }

        /// <summary>In good order: what is under way is answered.</summary>
        public void Close() => lifetime.RequestClose();
    }
}
