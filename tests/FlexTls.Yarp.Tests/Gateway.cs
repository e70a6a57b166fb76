using System.Net;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Configuration;

namespace FlexTls.Proxies;

/// <summary>
/// A reverse proxy on two free ports of the loopback address, one for HTTP/1.1 and one for HTTP/2, both without TLS. A
/// cluster is reached by the path that is its id. Policies are files in a folder of its own.
/// </summary>
internal sealed class Gateway : IAsyncDisposable
{
    private readonly PolicyFiles _files = new();
    private readonly InMemoryConfigProvider _config = new([], []);
    private readonly HttpClient _client = new();
    private readonly GatewayOptions _options;
    private WebApplication? _app;

    public Gateway(GatewayOptions? options = null)
    {
        _options = options ?? new GatewayOptions();
        Write("unused");
    }

    public RecordingLogger Log { get; } = new();

    public IServiceProvider Services => _app!.Services;

    public IReadOnlyList<UpstreamTlsStatus> Status =>
        [.. Manager.GetStatus().Upstreams.Where(upstream => upstream.Name != "unused")];

    /// <summary>The address for HTTP/1.1.</summary>
    public Uri Address => new(Addresses.First());

    /// <summary>The address for HTTP/2 without TLS.</summary>
    public Uri Http2Address => new(Addresses.Last());

    private IOutboundTlsManager Manager => Services.GetRequiredService<IOutboundTlsManager>();

    private IEnumerable<string> Addresses =>
        Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    /// <summary>A cluster with one destination.</summary>
    public static ClusterConfig Cluster(string id, HttpUpstream server, string? policy = null) => new()
    {
        ClusterId = id,
        Destinations = new Dictionary<string, DestinationConfig>
        {
            ["one"] = new() { Address = server.Address.AbsoluteUri },
        },
        Metadata = policy is null ? null : new Dictionary<string, string> { ["OutboundTls"] = policy },
    };

    /// <summary>Loads the configuration and starts.</summary>
    public async Task StartAsync(params ClusterConfig[] clusters)
    {
        Update(clusters);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(Log);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRouting();
        builder.Services.AddOutboundTls(tls =>
        {
            tls.AddPolicyFile(_files.Pattern);
            tls.ReloadOnChange = false;
        });
        _options.Services(builder.Services);
        var proxy = builder.Services.AddReverseProxy();
        builder.Services.AddSingleton<IProxyConfigProvider>(_config);
        _options.Proxy(proxy);
        _app = builder.Build();
        _options.App(_app);
        _app.UseRouting();
        _app.MapReverseProxy();
        await _app.StartAsync(Deadline.Token());
    }

    /// <summary>Replaces the proxy's configuration; it is in force when this returns, or refused.</summary>
    public void Update(params ClusterConfig[] clusters) => _config.Update(
        [.. clusters.Select(cluster => new RouteConfig
        {
            RouteId = cluster.ClusterId,
            ClusterId = cluster.ClusterId,
            Match = new RouteMatch { Path = $"/{cluster.ClusterId}/{{**rest}}" },
        })],
        clusters);

    /// <summary>Replaces the proxy's configuration by one that is refused.</summary>
    /// <param name="message">What the log says about it.</param>
    /// <param name="clusters">The clusters.</param>
    public async Task RefusedUpdateAsync(string message, params ClusterConfig[] clusters)
    {
        Update(clusters);
        await Log.UntilAsync(
            () => Log.Failures.Any(failure => $"{failure}".Contains(message, StringComparison.Ordinal)),
            Deadline.Token());
    }

    /// <summary>Writes the policy of a Service, as <see cref="PolicyFiles.Write"/> does.</summary>
    public void Write(string name, string? subject = null, string config = "") => _files.Write(name, subject, config);

    /// <summary>The client of a cluster.</summary>
    public HttpMessageInvoker ClientOf(string cluster) =>
        Services.GetRequiredService<IProxyStateLookup>().TryGetCluster(cluster, out var found)
            ? found.Model.HttpClient : throw new KeyNotFoundException(cluster);

    public Task ReloadAsync() => Manager.ReloadAsync(Deadline.Token());

    /// <summary>Sends a request through a cluster.</summary>
    public Task<HttpResponseMessage> GetAsync(string cluster, Version? version = null, string path = "/x")
    {
        var address = new Uri(version?.Major == 2 ? Http2Address : Address, $"/{cluster}{path}");
        var request = new HttpRequestMessage(HttpMethod.Get, address)
        {
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return _client.SendAsync(request, Deadline.Token());
    }

    public async Task<HttpStatusCode> StatusOfAsync(string cluster)
    {
        using var response = await GetAsync(cluster);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _files.Dispose();
    }
}
