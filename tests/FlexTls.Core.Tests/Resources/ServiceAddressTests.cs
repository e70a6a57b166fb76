using FlexTls.Support;
using Xunit;

namespace FlexTls.Resources;

public class ServiceAddressTests
{
    [Theory]
    [InlineData("https://ü\u0378.example")]
    [InlineData("h2://ü\u0378.example:8443/")]
    [InlineData("https://xn--ü.example")]
    [InlineData("https://⒈com.example")]
    [InlineData("https://\u200b.example")]
    public void AHostThatIdnaRefuses_IsAnErrorAtItsLine(string address)
    {
        Assert.False(TlsPolicyFile.TryParse(Service(address), "services.yaml", out var set));

        var fault = Assert.Single(set.Diagnostics);
        Assert.StartsWith("services.yaml(4,18): error FTLS1028: ", fault.ToString(), StringComparison.Ordinal);
        Assert.Contains("ASCII form", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://orders", "orders")]
    [InlineData("https://bücher.example:8443/", "bücher.example")]
    [InlineData("https://xn--bcher-kva.example", "xn--bcher-kva.example")]
    [InlineData("http://www-.lab", "www-.lab")]
    [InlineData("h2://my_host.lab", "my_host.lab")]
    [InlineData("https://[::1]:8443", "[::1]")]
    public void AHostThatThePlatformConnectsTo_IsRead(string address, string host)
    {
        Assert.True(TlsPolicyFile.TryParse(Service(address), null, out var set));

        Assert.Equal(host, Assert.Single(set.Services).Address.Host);
    }

    [Theory]
    [InlineData("orders.example")]
    [InlineData("ftp://orders.example")]
    [InlineData("https://orders.example/api")]
    [InlineData("https://user:secret@orders.example")]
    public void AnotherFormOfAddress_IsAnErrorWithoutCredentials(string address)
    {
        Assert.False(TlsPolicyFile.TryParse(Service(address), null, out var set));

        Assert.Equal(["E:FTLS1028"], set.Diagnostics.Codes());
        Assert.DoesNotContain("secret", set.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    private static string Service(string address) =>
        $"apiVersion: gateway.mulesoft.com/v1alpha1\nkind: Service\nmetadata: {{ name: orders }}\nspec: {{ address: '{address}' }}\n";
}
