using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>A policy whose alpn is for no HTTP client: the finding has the place of that alpn.</summary>
public class NoHttpTests
{
    private const string Fault =
        "has neither h2 nor http/1.1, so an HttpClient cannot use it; add one of them, or write [] for no ALPN.";

    [Fact]
    public async Task InAFile_TheFindingHasItsLine()
    {
        await using var host = new PolicyHost();
        host.Write("orders.yaml", PolicyYaml.Binding("orders", "minversion: '1.2'\nalpn: [mqtt]"));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("orders.yaml"));
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls();

        var fault = Assert.Single((await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics);

        Assert.Equal(("FTLS7007", 10, 12), (fault.Code, fault.Line, fault.Column));
        Assert.Equal(Path.Combine(host.Folder, "orders.yaml"), fault.FileName);
        Assert.Equal($"client 'orders': the alpn of its policy {Fault}", fault.Message);
    }

    [Fact]
    public async Task InConfiguration_TheFindingHasItsKey()
    {
        var fault = await Registered.FaultAsync(services =>
        {
            services.AddOutboundTls(Registered.Orders("""{ "alpn": [ "mqtt" ] }"""));
            services.AddHttpClient("orders").AddOutboundTls();
        });

        Assert.Equal(
            $"client 'orders': the alpn of its policy (OutboundTls:Upstreams:orders:alpn:0) {Fault}", fault.Message);
    }

    [Fact]
    public async Task InCode_TheFindingNamesTheClient()
    {
        var fault = await Registered.FaultAsync(services =>
            services.AddHttpClient("orders").AddOutboundTls(options => options.Alpn = ["mqtt"]));

        Assert.Equal($"client 'orders': the alpn of its policy {Fault}", fault.Message);
    }
}
