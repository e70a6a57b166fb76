using FlexTls.Support;
using FlexTls.TestKit;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary>Relative paths start at the content root of the host, whatever the folder of the process.</summary>
public class ContentRootTests
{
    [Theory]
    [InlineData("policies/orders.yaml")]
    [InlineData("policies")]
    [InlineData("policies/*.yaml")]
    [InlineData("**/orders.yaml")]
    [InlineData("./policies/orders.yaml")]
    public async Task APolicyFile_StartsThere_AndItsFilesBesideIt(string pattern)
    {
        await using var host = WithFiles("policies/tls");
        host.Write("policies/orders.yaml", PolicyYaml.Binding("orders", """
            trustedCA: file:tls/ca.pem
            certificate: { key: file:tls/client.key, crt: file:tls/client.crt }
            """));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile(pattern));
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls();

        await AssertMutualTlsAsync(host);
    }

    [Fact]
    public async Task AnAbsolutePolicyFile_IsTakenAsItIs()
    {
        await using var host = WithFiles("tls");
        await using var elsewhere = new PolicyHost();
        elsewhere.Write("orders.yaml", PolicyYaml.Binding("orders", PolicyYaml.Trusting));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile(Path.Combine(elsewhere.Builder.Environment.ContentRootPath, "orders.yaml")));

        await host.StartAsync();

        Assert.True(host.Services.GetRequiredService<IOutboundTlsContextProvider>().TryGetContext("orders", out _));
    }

    [Fact]
    public async Task FileValuesOfAPolicyInCode_StartThere()
    {
        await using var host = WithFiles("tls");
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", WriteMutualTls));
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls();

        await AssertMutualTlsAsync(host);
    }

    [Fact]
    public async Task FileValuesOfAClient_StartThere()
    {
        await using var host = WithFiles("tls");
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls(WriteMutualTls);

        await AssertMutualTlsAsync(host);
    }

    [Fact]
    public async Task FileValuesOfTheConfiguration_StartThere()
    {
        await using var host = WithFiles("tls");
        host.Builder.Services.AddOutboundTls(Registered.Orders(new { trustedCA = "file:tls/ca.pem", certificate = new { key = "file:tls/client.key", crt = "file:tls/client.crt" } }));
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls();

        await AssertMutualTlsAsync(host);
    }

    private static PolicyHost WithFiles(string folder)
    {
        var host = new PolicyHost();
        host.Write($"{folder}/ca.pem", Pki.Root.Pem);
        host.Write($"{folder}/client.key", Pki.Client.KeyPem());
        host.Write($"{folder}/client.crt", Pki.Client.ChainPem(Pki.Intermediate.Certificate));
        return host;
    }

    private static void WriteMutualTls(OutboundTlsOptions options)
    {
        options.TrustedCA = "file:tls/ca.pem";
        options.Certificate = new CertificateOptions { Key = "file:tls/client.key", Crt = "file:./tls/client.crt" };
    }

    private static async Task AssertMutualTlsAsync(PolicyHost host)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer) { ClientCertificates = ClientCertificateMode.RequireCertificate }, Deadline.Token());
        await host.StartAsync();

        await host["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }
}
