using System.Net.Sockets;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

[assembly: HostingStartup(typeof(FlexTls.Documentation.ReadmeHosting))]

namespace FlexTls.Documentation;

/// <summary>
/// Joins the program of README.md when it is run with <c>--hostingStartupAssemblies</c>: sends its upstream's name to a
/// server of the test, and tells when and where it listens.
/// </summary>
internal sealed class ReadmeHosting : IHostingStartup
{
    /// <summary>The port that orders.internal.example is sent to.</summary>
    public static int UpstreamPort { get; set; }

    /// <summary>The running program's address, and the way to stop it.</summary>
    public static TaskCompletionSource<(Uri Address, IHostApplicationLifetime Lifetime)> Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services =>
    {
        services.AddHostedService<Announcement>();
        services.AddLogging(logging => logging.ClearProviders());
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { ConnectCallback = ConnectAsync });
    });

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext connection, CancellationToken ct) =>
        connection.DnsEndPoint.Host == "orders.internal.example"
            ? await Loopback.ConnectAsync(UpstreamPort, ct)
            : throw new SocketException((int)SocketError.HostNotFound);

    private sealed class Announcement(IServer server, IHostApplicationLifetime lifetime) : IHostedLifecycleService
    {
        public Task StartedAsync(CancellationToken cancellationToken)
        {
            var address = server.Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            Started.TrySetResult((new Uri(address), lifetime));
            return Task.CompletedTask;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
