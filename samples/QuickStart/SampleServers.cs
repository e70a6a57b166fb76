namespace QuickStart;

/// <summary>The servers of the upstreams.</summary>
internal sealed class SampleServers : IAsyncDisposable
{
    private readonly Dictionary<string, SampleServer> _servers = [];

    public static async Task<SampleServers> StartAsync(IEnumerable<Upstream> upstreams, CancellationToken ct)
    {
        var servers = new SampleServers();
        foreach (var upstream in upstreams)
        {
            servers._servers.Add(upstream.Name, await SampleServer.StartAsync(upstream.Server, ct));
        }

        return servers;
    }

    public Uri AddressOf(string name) => _servers[name].Address;

    /// <summary>The requests that an upstream's server answered. Complete when the servers are disposed.</summary>
    public IReadOnlyCollection<Outcome> RequestsTo(string name) => _servers[name].Requests;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }
}
