using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Upstreams;

/// <summary>Which policy a client gets by a name: its own, a Service's, or one with a namespace.</summary>
public class ServiceNameTests
{
    [Theory]
    [InlineData(null, "orders", "orders", "payments/orders")]
    [InlineData(null, "payments/orders", "payments/orders", "billing")]
    [InlineData("orders", "orders", "payments/orders", "orders")]
    [InlineData("orders", "payments/orders", "billing", "payments/orders")]
    [InlineData("default/orders", "orders", "orders", "payments/orders")]
    [InlineData("payments/orders", "payments/orders", "orders", "payments/orders")]
    public async Task AName_FindsItsPolicy(string? service, string expected, params string[] registered)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = ClientHost.Create(services => Bind(Register(services, registered).AddHttpClient("orders"), service));

        await clients["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal([Mark(expected), "http/1.1"], Assert.Single(upstream.Requests).Hello!.Alpn);
    }

    [Theory]
    [InlineData(null, "orders.eu")]
    [InlineData("orders.eu", "other")]
    public async Task ANameWithDots_IsAName(string? service, string client)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var clients = ClientHost.Create(services => Bind(Register(services, "orders.eu", "other.yam").AddHttpClient(client), service));

        await clients[client].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal([Mark("orders.eu"), "http/1.1"], Assert.Single(upstream.Requests).Hello!.Alpn);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("orders")]
    public async Task ServicesOfSeveralNamespaces_AreAnErrorThatListsThem(string? service)
    {
        var fault = await Registered.FaultAsync(services => Bind(Register(services, "payments/orders", "east/orders").AddHttpClient("orders"), service));

        Assert.Equal(DiagnosticCodes.AmbiguousService, fault.Code);
        Assert.StartsWith("client 'orders', AddOutboundTls(", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith("\"east/orders\", \"payments/orders\".", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order", "did you mean 'orders'?")]
    [InlineData("Orders", "did you mean 'orders'?")]
    [InlineData("payment/orders", "did you mean 'payments/orders'?")]
    [InlineData("west/orders", "there are policies for 'orders', 'payments/orders'.")]
    [InlineData("default/invoices", "there are policies for 'orders', 'payments/orders'.")]
    public async Task AnUnknownName_IsAnErrorThatSaysWhatIsMeantOrThere(string service, string hint)
    {
        var fault = await Registered.FaultAsync(services => Register(services, "orders", "payments/orders").AddHttpClient("mine").AddOutboundTls(service));

        Assert.Equal(DiagnosticCodes.NoPolicyForClient, fault.Code);
        Assert.StartsWith($"client 'mine', AddOutboundTls(\"{service}\"):", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(hint, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientWithoutAPolicyOfItsName_IsAnError()
    {
        var near = await Registered.FaultAsync(services => Register(services, "orders").AddHttpClient("ordres").AddOutboundTls());
        var none = await Registered.FaultAsync(services => services.AddHttpClient("orders").AddOutboundTls());

        Assert.Equal([DiagnosticCodes.NoPolicyForClient, DiagnosticCodes.NoPolicyForClient], [near.Code, none.Code]);
        Assert.Contains("client 'ordres', AddOutboundTls(): ", near.Message, StringComparison.Ordinal);
        Assert.EndsWith("did you mean 'orders'?", near.Message, StringComparison.Ordinal);
        Assert.Contains("no policy is registered", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyPolicies_AreNotAllListed()
    {
        var fault = await Registered.FaultAsync(services =>
            Register(services, [.. Enumerable.Range(10, 15).Select(i => $"service-number-{i}")]).AddHttpClient("x").AddOutboundTls());

        Assert.Contains("'service-number-19' and 5 more.", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policies/orders.yaml")]
    [InlineData("orders.yml")]
    [InlineData("ORDERS.YAML")]
    [InlineData("./orders")]
    [InlineData("../orders")]
    [InlineData("policies\\orders")]
    [InlineData("C:\\policies\\orders")]
    [InlineData("policies/*")]
    [InlineData("/etc/policies/orders")]
    [InlineData("/orders")]
    [InlineData("orders/")]
    public async Task APath_IsAnErrorThatSaysWhereFilesGo(string path)
    {
        var fault = await Registered.FaultAsync(services => Register(services, "orders").AddHttpClient("orders").AddOutboundTls(path));

        Assert.Equal(DiagnosticCodes.NotAServiceName, fault.Code);
        Assert.Contains($"'{path}' is not the name of a Service", fault.Message, StringComparison.Ordinal);
        Assert.Contains("services.AddOutboundTls(tls => tls.AddPolicyFile(…))", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("policies/orders.yaml")]
    [InlineData("a/b/c")]
    [InlineData("orders\nforged")]
    public async Task APathAsTheNameOfAPolicy_IsAnErrorToo(string path)
    {
        var fault = await Registered.FaultAsync(services => services.AddOutboundTls(tls => tls.AddPolicy(path, OutboundTlsPolicy.Default)));

        Assert.Equal(DiagnosticCodes.NotAServiceName, fault.Code);
        Assert.Contains("AddPolicyFile", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheUnnamedClient_HasNoNameThatAPolicyCouldHave()
    {
        var fault = await Registered.FaultAsync(services => Register(services, "orders").AddHttpClient("").AddOutboundTls());

        Assert.Equal(DiagnosticCodes.NotAServiceName, fault.Code);
    }

    /// <summary>Each policy offers a protocol of its own, by which a server knows it.</summary>
    private static IServiceCollection Register(IServiceCollection services, params string[] names) => services.AddOutboundTls(tls =>
    {
        foreach (var name in names)
        {
            tls.AddPolicy(name, options => (options.TrustedCA, options.Alpn) = (Pki.Root.Pem, [Mark(name), "http/1.1"]));
        }
    });

    private static string Mark(string name) => $"x-{name}";

    private static IHttpClientBuilder Bind(IHttpClientBuilder client, string? service) =>
        service is null ? client.AddOutboundTls() : client.AddOutboundTls(service);
}
