using Xunit;

namespace FlexTls.Resources;

/// <summary>Names from files are one word in a line of text, and name one upstream.</summary>
public class ResourceNameTests
{
    public static TheoryData<string> Bad => ["a/b", "orders\\nforged", "orders\\u202e", "orders\\e[31m", "orders\\u200b", new string('a', 254)];

    [Theory]
    [MemberData(nameof(Bad))]
    public void ABadName_IsAnErrorAtItsPlace_WhereverItStands(string name)
    {
        foreach (var text in new[]
        {
            Binding($"name: a, namespace: \"{name}\"", "name: orders"),
            Binding($"name: \"{name}\"", "name: orders"),
            Binding("name: a", $"name: \"{name}\""),
            Binding("name: a", $"name: orders, namespace: \"{name}\""),
            Resource("Service", $"name: \"{name}\"", "address: https://orders.example"),
            Resource("Service", $"name: a, namespace: \"{name}\"", "address: https://orders.example"),
            Resource("ApiInstance", "name: a", $"services: {{ \"{name}\": {{ address: https://orders.example }} }}"),
        })
        {
            Assert.False(TlsPolicyFile.TryParse(text, "names.yaml", out var set));

            var fault = Assert.Single(set.Diagnostics, d => d.Code == DiagnosticCodes.BadName);
            Assert.InRange(fault.Line, 3, 6);
            Assert.DoesNotContain(fault.ToString(), char.IsControl);
        }
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("Orders_1.eu-west")]
    [InlineData("bestellungen-größe")]
    public void AnotherName_IsRead(string name)
    {
        Assert.True(TlsPolicyFile.TryParse(Binding("name: a", $"name: \"{name}\""), null, out var set));

        Assert.Equal(name, Assert.Single(set.Bindings).TargetName);
    }

    [Fact]
    public void ANameFromCode_IsOneLineInAllMessages()
    {
        var context = new TlsContextFactory().Create(OutboundTlsPolicy.Default, "orders\nforged\u202E");

        Assert.Equal("orders forged ", context.Name);
    }

    private static string Binding(string metadata, string target) => Resource(
        "PolicyBinding", metadata, $"targetRef: {{ kind: Service, {target} }}\n  policyRef: {{ name: tls-outbound }}\n  config: {{}}");

    private static string Resource(string kind, string metadata, string spec) =>
        $"apiVersion: gateway.mulesoft.com/v1alpha1\nkind: {kind}\nmetadata: {{ {metadata} }}\nspec:\n  {spec}\n";
}
