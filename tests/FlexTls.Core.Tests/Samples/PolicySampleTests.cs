using FlexTls.Schema;
using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Samples;

/// <summary>The sample policy file loads as it stands, and an editor accepts it.</summary>
public class PolicySampleTests
{
    [Fact]
    public async Task TheSample_Loads_AndPassesTheSchemaThatItNames()
    {
        Environment.SetEnvironmentVariable("ORDERS_CA", Pki.Root.Pem);
        Environment.SetEnvironmentVariable("ORDERS_KEY", Pki.Client.KeyPem());
        Environment.SetEnvironmentVariable("ORDERS_CRT", Pki.Client.ChainPem(Pki.Intermediate.Certificate));
        var file = Path.Combine(RepositoryFiles.Root, "samples/policies/orders.yaml");

        var set = TlsPolicyFile.Load(file);

        Assert.Empty(set.Diagnostics);
        Assert.True(set.Find("orders")!.Policy is { HasTrustedCA: true, HasClientCertificate: true });
        Assert.True(Assert.Single(set.Services).IsTls);
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Empty(await PolicySchema.FaultsAsync(text));
        var schema = text.Split('\n')[0].Split("$schema=")[1];
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, schema)));
    }
}
