using Xunit;

namespace FlexTls.Diagnostics;

/// <summary>A line of a private key that stands where another value belongs is not shown.</summary>
public class KeyTextTests
{
    [Theory]
    [InlineData("/wGw+WTjQh3kX0cJrY8uB2nV5mZpLsA4tEoIgDfCeRyUqKxMbNvPlOiHaSd1ZzW9")]
    [InlineData("aWc/Gw/WTj/h3k/0cJ/Y8u/2nV/mZp/sA4/EoI/DfC/RyU/KxM/NvP/OiH/Sd1Z9")]
    [InlineData("MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQh3kX0cJrY8uB2nV")]
    public void ALineOfAKey_IsCut_AloneAndBehindAValue(string line)
    {
        Assert.Equal(64, line.Length);
        Assert.DoesNotContain(line[..20], Text.Quote(line), StringComparison.Ordinal);
        Assert.DoesNotContain(line[..20], Text.Quote($"5s {line}"), StringComparison.Ordinal);
        Assert.DoesNotContain(
            line[..20], Text.WithoutKeys($"drainTimeout is '5s {line}'; write 5s."), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SHA-256 1AB7A96E7DEE04C590029B41BD64EB90BE5727DDEED07B31E91104CF61D7EB17")]
    [InlineData("/etc/ssl/outbound/clients/of/the/payments/department/production1.pem")]
    [InlineData("https://orders.payments.svc.cluster.local/very/long/path/of/an/api/v2")]
    public void AFingerprint_APath_AndAnAddress_AreShown(string text) => Assert.Equal(text, Text.WithoutKeys(text));
}
