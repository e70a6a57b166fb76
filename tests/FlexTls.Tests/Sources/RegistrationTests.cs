using System.Security.Cryptography.X509Certificates;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary>The overloads of services.AddOutboundTls: where policies come from, and that they add up.</summary>
public class RegistrationTests
{
    public static TheoryData<string, Action<OutboundTlsOptions>> FaultsOfObjects => new()
    {
        { "FTLS3019: client 'orders': ClientCertificate 'CN=client' has no private key.", options => options.ClientCertificate = PublicHalf },
        { "FTLS2005: client 'orders': Certificate and client 'orders': ClientCertificate are both set; set one.", options => (options.ClientCertificate, options.Certificate) = (Pki.Client, new()) },
        { "FTLS2005: client 'orders': TrustedCA and client 'orders': TrustAnchors are both set; set one.", options => (options.TrustedCA, options.TrustAnchors) = (Pki.Root.Pem, [Pki.Root.Certificate]) },
        { "FTLS2003: client 'orders': TrustAnchors is not used, because client 'orders': DangerousSkipValidation is true.", options => (options.DangerousSkipValidation, options.TrustAnchors, options.MinVersion) = (true, [Pki.Root.Certificate], (TlsVersion)14) },
    };

    /// <summary>Objects of code have no text, whose place would tell whose they are.</summary>
    [Theory]
    [MemberData(nameof(FaultsOfObjects))]
    public async Task AFaultOfAnObjectInCode_NamesTheClient(string message, Action<OutboundTlsOptions> configure)
    {
        await using var clients = ClientHost.Create(services => services.AddHttpClient("orders").AddOutboundTls(configure));

        var refused = Assert.Throws<TlsPolicyException>(() => clients["orders"]);

        Assert.Contains(message, refused.Diagnostics.Select(fault => $"{fault.Code}: {fault.Message}"));
    }

    [Fact]
    public async Task APolicyFile_IsOnTheWire()
    {
        await using var host = Host();
        host.Write("policies/orders.yaml", PolicyYaml.Binding("orders", $"{PolicyYaml.Trusting}alpn: [http/1.1]"));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies/orders.yaml"));

        Assert.Equal(["http/1.1"], await OfferAsync(host, "orders"));
    }

    [Fact]
    public async Task AFinishedPolicy_IsOnTheWire()
    {
        await using var host = Host();
        var options = Pki.Trusting();
        options.Alpn = ["http/1.1", "h2"];
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(options)));

        Assert.Equal(["http/1.1", "h2"], await OfferAsync(host, "orders"));
    }

    [Fact]
    public async Task APolicyAsOptions_IsOnTheWire()
    {
        await using var host = Host();
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", options => (options.TrustedCA, options.Alpn) = (Pki.Root.Pem, ["h2"])));

        Assert.Equal(["h2"], await OfferAsync(host, "orders"));
    }

    [Fact]
    public async Task ASectionOfTheConfiguration_IsOnTheWire()
    {
        await using var host = Host();
        host.Builder.Services.AddOutboundTls(Registered.Orders(new { trustedCA = Pki.Root.Pem, alpn = Array.Empty<string>() }));

        Assert.Empty(await OfferAsync(host, "orders"));
    }

    [Fact]
    public async Task ASectionAddedToTheBuilder_IsOnTheWire()
    {
        await using var host = Host();
        host.Builder.Services.AddOutboundTls(tls => tls.AddConfiguration(Registered.Orders(new { trustedCA = Pki.Root.Pem, alpn = new[] { "http/1.1" } })));

        Assert.Equal(["http/1.1"], await OfferAsync(host, "orders"));
    }

    [Fact]
    public async Task WithoutAPolicy_AClientMayBringItsOwn()
    {
        await using var host = Host();
        host.Builder.Services.AddOutboundTls();
        var options = Pki.Trusting();
        options.Alpn = ["http/1.1"];
        host.Builder.Services.AddHttpClient("billing").AddOutboundTls(OutboundTlsPolicy.Create(options));

        Assert.Equal(["http/1.1"], await OfferAsync(host, "billing"));
    }

    [Fact]
    public async Task Calls_AddUp()
    {
        await using var host = Host();
        host.Write("a.yaml", PolicyYaml.Binding("file", $"{PolicyYaml.Trusting}alpn: [http/1.1]"));
        host.Write("b/b.yaml", PolicyYaml.Binding("listed", $"{PolicyYaml.Trusting}alpn: [h2]"));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("a.yaml"));
        host.Builder.Services.AddOutboundTls(Registered.Json(new { OutboundTls = new { PolicyFiles = new[] { "b" } } }).GetSection("OutboundTls"));
        host.Builder.Services.AddOutboundTls(Registered.Orders(new { trustedCA = Pki.Root.Pem, alpn = new[] { "http/1.1", "h2" } }));
        host.Builder.Services.AddOutboundTls();
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("code", options => (options.TrustedCA, options.Alpn) = (Pki.Root.Pem, [])));

        Assert.Equal(["http/1.1"], await OfferAsync(host, "file"));
        Assert.Equal(["h2"], await OfferAsync(host, "listed"));
        Assert.Equal(["http/1.1", "h2"], await OfferAsync(host, "orders"));
        Assert.Empty(await OfferAsync(host, "code"));
    }

    [Fact]
    public void AddOutboundTls_WithNothing_IsAnError()
    {
        var services = new ServiceCollection();

        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddOutboundTls());
        Assert.Throws<ArgumentNullException>(() => services.AddOutboundTls((Action<OutboundTlsBuilder>)null!));
        Assert.Throws<ArgumentNullException>(() => services.AddOutboundTls((Microsoft.Extensions.Configuration.IConfiguration)null!));
        services.AddOutboundTls(tls =>
        {
            Assert.ThrowsAny<ArgumentException>(() => tls.AddPolicyFile(" "));
            Assert.ThrowsAny<ArgumentException>(() => tls.AddPolicy("", OutboundTlsPolicy.Default));
            Assert.Throws<ArgumentNullException>(() => tls.AddPolicy("orders", (OutboundTlsPolicy)null!));
            Assert.Throws<ArgumentNullException>(() => tls.AddPolicy("orders", (Action<OutboundTlsOptions>)null!));
        });
    }

    private static PolicyHost Host()
    {
        var host = new PolicyHost();
        host.Builder.Services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        return host;
    }

    /// <summary>What a client with an upstream's name offers to a real server.</summary>
    private static async Task<IReadOnlyList<string>> OfferAsync(PolicyHost host, string client)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await host[client].GetStringAsync(upstream.Address, Deadline.Token());
        return Assert.Single(upstream.Requests).Hello!.Alpn;
    }

    private static X509Certificate2 PublicHalf => X509CertificateLoader.LoadCertificate(Pki.Client.RawData);
}
