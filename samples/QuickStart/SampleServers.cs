using FlexTls.TestKit;

namespace QuickStart;

/// <summary>The servers of the upstreams, each on a free port of the loopback address.</summary>
internal sealed class SampleServers(IEnumerable<Upstream> upstreams) : IAsyncDisposable
{
    private readonly Dictionary<string, LoopbackServer> _servers = upstreams.ToDictionary(upstream => upstream.Name, upstream => LoopbackServer.Start(upstream.Server));

    public int PortOf(string name) => _servers[name].Port;

    /// <summary>What the server of an upstream saw of its connection.</summary>
    public Task<ServerObservation> SeenByAsync(string name, CancellationToken ct) => _servers[name].NextAsync(ct);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.DisposeAsync();
        }
    }
}
