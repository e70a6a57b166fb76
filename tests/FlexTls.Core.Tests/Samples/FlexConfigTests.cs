using FlexTls.Support;
using FlexTls.TestKit;
using Xunit;

namespace FlexTls.Samples;

/// <summary>samples/flex-config, the files of a gateway, loads unchanged: what it gives, and what is said about the rest.</summary>
public class FlexConfigTests
{
    static FlexConfigTests()
    {
        Environment.SetEnvironmentVariable("FLEX_ORDERS_CA", Pki.Root.Pem);
        Environment.SetEnvironmentVariable("FLEX_ORDERS_KEY", Pki.Client.KeyPem());
        Environment.SetEnvironmentVariable("FLEX_ORDERS_CRT", Pki.Client.ChainPem(Pki.Intermediate.Certificate));
    }

    [Fact]
    public void EveryBindingOfOutboundTls_IsTaken()
    {
        Assert.Equal(
            [
                "default/legacy: TLS 1.2 to 1.3, 9 suites, h2, http/1.1, system trust, no client certificate",
                "default/orders: TLS 1.2 to 1.3, 9 suites, http/1.1, 1 trusted CA, client certificate",
                "default/shop-catalog: TLS 1.2 to 1.3, 9 suites, h2, http/1.1, system trust, no client certificate",
                "payments/acquirer: TLS 1.2, 2 suites, h2, http/1.1, system trust, no client certificate",
            ],
            Load().Bindings.Select(binding => $"{binding.TargetNamespace}/{binding.TargetName}: {binding.Policy}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryService_IsRemembered()
    {
        Assert.Equal(
            [
                "default/legacy http://legacy.internal.example:8080/",
                "default/orders https://orders.internal.example:8443/",
                "default/shop-catalog https://catalog.internal.example/",
                "payments/acquirer https://acquirer.partner.example/",
            ],
            Load().Services.Select(service => $"{service.Namespace}/{service.Name} {service.Address}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void WhatIsLeft_IsNamedWithItsPlace()
    {
        Assert.Equal(
            [
                "other-policies.yaml(2,1) FTLS1017",
                "other-policies.yaml(17,1) FTLS1017",
                "other-policies.yaml(29,1) FTLS1017",
                "outbound-tls.yaml(37,1) FTLS1015",
            ],
            Load().Diagnostics.Select(found => $"{Path.GetFileName(found.FileName)}({found.Line},{found.Column}) {found.Code}"));
    }

    [Fact]
    public async Task TheUpstreamWithMutualTls_SeesWhatItsBindingSays()
    {
        var context = new TlsContextFactory().Create(Load().Find("orders")!.Policy, "orders");
        await using var server = LoopbackServer.Start(new LoopbackServerOptions(Pki.EcServer) { RequiresClientCertificate = true });

        await using var stream = await context.AuthenticateAsClientAsync(await Loopback.ConnectAsync(server.Port, Deadline.Token()), Pki.Host, cancellationToken: Deadline.Token());
        await stream.WriteAsync("ping"u8.ToArray(), Deadline.Token());

        Assert.Equal("CN=client", (await server.NextAsync(Deadline.Token())).ClientCertificate);
    }

    private static TlsPolicySet Load() => TlsPolicyFile.Load(PathOf("samples/flex-config"), PathOf("samples/flex-config/payments"));

    private static string PathOf(string folder) => Path.Combine(RepositoryFiles.Root, folder);
}
