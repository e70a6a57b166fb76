using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Xunit;
using Yarp.ReverseProxy.Configuration;

namespace FlexTls.Proxies;

/// <summary>The upstreams of tests of proxies: they want a client certificate, and record it.</summary>
public abstract class ProxyContext
{
    /// <summary>The client certificates of all requests.</summary>
    private protected static IEnumerable<string?> Subjects(HttpUpstream server) =>
        server.Requests.Select(request => request.ClientCertificate);

    internal static Task<HttpUpstream> StartAsync(Func<HttpUpstreamOptions, HttpUpstreamOptions>? change = null)
    {
        var options = new HttpUpstreamOptions(Pki.EcServer)
        {
            ClientCertificates = ClientCertificateMode.RequireCertificate,
        };
        return HttpUpstream.StartAsync(change?.Invoke(options) ?? options, Deadline.Token());
    }

    /// <summary>The message of a gateway that does not start: it has the policy of <c>orders</c>.</summary>
    private protected static async Task<string> RefusalAtStartAsync(
        GatewayOptions options, params ClusterConfig[] clusters)
    {
        await using var gateway = new Gateway(options);
        gateway.Write("orders");
        return $"{await Assert.ThrowsAnyAsync<InvalidOperationException>(() => gateway.StartAsync(clusters))}";
    }
}
