using System.Reflection;
using System.Text.Json;

namespace FlexTls.GatewayComparison;

/// <summary>samples/Gateway.</summary>
internal sealed class FlexGateway : Contender
{
    public override string Name => "samples/Gateway";

    public override string TakesUp => "by itself, 0.5 s after the file";

    protected override ChildProcess Start(Site site, int http1, int http2)
    {
        site.Write("flex/policies/upstream.yaml", """
            apiVersion: gateway.mulesoft.com/v1alpha1
            kind: PolicyBinding
            metadata: { name: upstream-mtls }
            spec:
              targetRef: { kind: Service, name: upstream }
              policyRef: { name: tls-outbound }
              config:
                alpn: [http/1.1]
                trustedCA: file:../../server-ca.crt
                certificate: { key: file:../../client.pem, crt: file:../../client.pem }
            """);
        site.Write("flex/appsettings.json", JsonSerializer.Serialize(new
        {
            Logging = new { LogLevel = new { Default = "Warning" } },
            Kestrel = new
            {
                Endpoints = new
                {
                    One = new { Url = $"http://127.0.0.1:{http1}", Protocols = "Http1" },
                    Two = new { Url = $"http://127.0.0.1:{http2}", Protocols = "Http2" },
                },
            },
            ReverseProxy = new
            {
                Routes = new { upstream = new { ClusterId = "upstream", Match = new { Path = "{**rest}" } } },
                Clusters = new
                {
                    upstream = new { Destinations = new { one = new { Address = site.Upstream.AbsoluteUri } } },
                },
            },
        }));
        var gateway = typeof(FlexGateway).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Gateway").Value!;
        return ChildProcess.Start(Cores.Proxy, "dotnet", [gateway, "serve", $"--contentRoot={site.PathOf("flex")}"]);
    }
}
