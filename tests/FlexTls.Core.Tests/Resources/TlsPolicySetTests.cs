using Xunit;

namespace FlexTls.Resources;

/// <summary>How the policy of a Service is found in a set.</summary>
public class TlsPolicySetTests
{
    [Fact]
    public void Find_LooksUpByServiceAndNamespace()
    {
        var set = TlsPolicyFile.Parse(Binding("orders"));

        Assert.Same(set.Bindings[0], set.Find("orders"));
        Assert.Null(set.Find("orders", "prod"));
        Assert.Null(set.Find("Orders"));
        Assert.Throws<ArgumentNullException>(() => set.Find(null!));
        Assert.Throws<ArgumentNullException>(() => set.Find("orders", null!));
    }

    [Fact]
    public void Find_TakesTheFormsThatContextsAreFoundBy()
    {
        var set = TlsPolicySet.Combine(
            from name in (string[])["orders", "default/billing", "eu/billing", "eu/ledger", "us/ledger"]
            let parts = name.Split('/')
            select TlsPolicyFile.Parse(Binding(parts[^1]).Replace(
                "kind: Service,", $"kind: Service, namespace: {(parts.Length > 1 ? parts[0] : "eu")},", StringComparison.Ordinal)));

        Assert.Equal(
            ["eu", "default", "eu", "us", null, null, null],
            ((string[])["orders", "billing", "eu/billing", "us/ledger", "ledger", "us/billing", "orders.yaml"])
                .Select(name => set.Find(name)?.TargetNamespace));
        Assert.Same(set.Bindings[0], set.Find("eu/orders"));
        Assert.Null(set.Find("eu/orders", "eu"));
    }

    private static string Binding(string service) => $$"""
        apiVersion: gateway.mulesoft.com/v1alpha1
        kind: PolicyBinding
        metadata: { name: {{service}} }
        spec:
          targetRef: { kind: Service, name: {{service}} }
          policyRef: { name: tls-outbound }
          config: {}

        """;
}
