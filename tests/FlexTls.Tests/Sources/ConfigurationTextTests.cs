using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary>PEM text and references as people write them into appsettings and environment variables of a configuration.</summary>
public class ConfigurationTextTests
{
    private const string Key = "Upstreams:orders:trustedCA";

    [Theory]
    [InlineData("\\n")]
    [InlineData("\\r\\n")]
    [InlineData("\r\n")]
    public async Task LineBreaksWrittenOut_AreRead(string lineBreak)
    {
        var pem = $"{Pki.Root.Pem}\n\uFEFF{Pki.Foreign.Pem}\n".Replace("\n", lineBreak, StringComparison.Ordinal);

        var policy = await Registered.PolicyAsync(services =>
            services.AddOutboundTls(Registered.InMemory((Key, pem))));

        Assert.Equal(2, policy.TrustAnchors!.Certificates.Count);
    }

    [Theory]
    [InlineData("certs/ca.pem", "FTLS1036", "write 'file:' before it")]
    [InlineData("${CA}", "FTLS1036", "write $NAME")]
    [InlineData("%CA%", "FTLS1036", "write $NAME")]
    [InlineData("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==", "FTLS3024", "base64 -d")]
    public async Task AMistake_IsToldByName(string value, string code, string words)
    {
        var fault = Assert.Single(await FaultsAsync((Key, value)));

        Assert.Equal(code, fault.Code);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PemTextAsAListOfLines_IsToldWithItsFix()
    {
        var lines = Pki.Root.Pem.Split('\n').Select((line, i) => ($"{Key}:{i}", (string?)line));

        var fault = Assert.Single(await FaultsAsync([.. lines]));

        Assert.Contains(@"one text with '\n'", fault.Message, StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<TlsPolicyDiagnostic>> FaultsAsync(params (string Key, string? Value)[] values) =>
        Registered.FaultsAsync(services => services.AddOutboundTls(Registered.InMemory(values)));
}
