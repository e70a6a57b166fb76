using Microsoft.Extensions.Options;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace FlexTls;

/// <summary>Finds the upstream of each cluster that the proxy runs.</summary>
internal sealed class ClusterStatuses(
    IProxyStateLookup proxy, IOutboundTlsManager policies, IOutboundTlsContextProvider contexts,
    IOptions<OutboundTlsProxyOptions> options) : IOutboundTlsClusters
{
    public IReadOnlyList<ClusterTlsStatus> GetStatus()
    {
        var services = policies.GetStatus().Upstreams.Where(upstream => upstream.Kind == UpstreamTlsKind.Service)
            .ToDictionary(upstream => upstream.Name, StringComparer.Ordinal);
        return
        [
            .. proxy.GetClusters().OrderBy(cluster => cluster.ClusterId, StringComparer.Ordinal)
                .Select(cluster => StatusOf(cluster, services)),
        ];
    }

    private ClusterTlsStatus StatusOf(ClusterState cluster, Dictionary<string, UpstreamTlsStatus> services)
    {
        var named = ClusterUpstream.Of(cluster.ClusterId, cluster.Model.Config.Metadata);
        var upstream = contexts.TryGetContext(named.Name, out var context)
            ? services.GetValueOrDefault(context.Name!) : null;
        return new ClusterTlsStatus
        {
            ClusterId = cluster.ClusterId,
            Upstream = upstream,
            WhileUnbound = upstream is null ? named.WhileUnbound(options.Value) : null,
        };
    }
}
