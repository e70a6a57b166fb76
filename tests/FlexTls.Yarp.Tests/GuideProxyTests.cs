using System.Net;
using FlexTls.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Readme;
using Xunit;

[assembly: HostingStartup(typeof(FlexTls.Proxies.GuideProxyTests.Joining))]

namespace FlexTls.Proxies;

/// <summary>The gateway that docs/how-to/yarp.md shows is what compiles and runs.</summary>
public sealed class GuideProxyTests : ProxyContext, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flextls-");

    [Fact]
    public async Task Program_ForwardsUnderThePolicyOfTheCluster()
    {
        using var client = Pki.Root.IssueClient("CN=orders");
        await using var server = await StartAsync(options => options with
        {
            Certificate = Pki.Root.IssueServer("localhost"),
        });
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "policies"));
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "policies/orders.yaml"), ReadmePage.Policy(Pki.Root, client), Deadline.Token());
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "appsettings.json"), $$"""
            {
              "ReverseProxy": {
                "Routes": { "orders": { "ClusterId": "orders", "Match": { "Path": "{**rest}" } } },
                "Clusters": { "orders": { "Destinations": { "one": { "Address": "{{server.Address}}" } } } }
              }
            }
            """, Deadline.Token());

        var running = GuideProxy.RunAsync(
            [$"--contentRoot={_folder.FullName}", "--urls=http://127.0.0.1:0", $"--hostingStartupAssemblies={typeof(Joining).Assembly.GetName().Name}"]);
        await await Task.WhenAny(running, Joining.Started.Task);
        var services = await Joining.Started.Task;
        var address = services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features
            .Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.Single();
        using var browser = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new Uri(address), Deadline.Token())).StatusCode);
        services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        await running;

        Assert.Equal(["CN=orders"], Subjects(server));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Joins the program, and tells when it listens.</summary>
    internal sealed class Joining : IHostingStartup
    {
        public static TaskCompletionSource<IServiceProvider> Started { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Configure(IWebHostBuilder builder) => builder.ConfigureServices(services =>
        {
            services.AddLogging(logging => logging.ClearProviders());
            services.AddHostedService<Announcement>();
        });

        private sealed class Announcement(IServiceProvider services, IHostApplicationLifetime lifetime) : BackgroundService
        {
            protected override Task ExecuteAsync(CancellationToken stoppingToken)
            {
                lifetime.ApplicationStarted.Register(() => Started.TrySetResult(services));
                return Task.CompletedTask;
            }
        }
    }
}
