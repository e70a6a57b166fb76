using FlexTls.TestKit;

namespace QuickStart;

/// <summary>The policy file: two documents for each upstream.</summary>
internal static class PolicyYaml
{
    public static string For(IEnumerable<Upstream> upstreams, SampleServers servers) =>
        string.Join("\n---\n", upstreams.Select(upstream => Documents(upstream, servers.AddressOf(upstream.Name))));

    private static string Documents(Upstream upstream, Uri address) =>
        $"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: Service
        metadata:
          name: {upstream.Name}
        spec:
          address: {address}
        ---
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata:
          name: {upstream.Name}-tls
        spec:
          targetRef:
            kind: Service
            name: {upstream.Name}
          policyRef:
            name: tls-outbound
          config:
        {upstream.Config.Indented(4)}
        """;
}
