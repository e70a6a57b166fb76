using FlexTls.Support;
using Microsoft.AspNetCore.Server.Kestrel.Https;

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
}
