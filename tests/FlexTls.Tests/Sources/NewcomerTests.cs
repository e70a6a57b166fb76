using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Sources;

/// <summary>What a new user writes who knows other programs: the message says how it is written here.</summary>
public class NewcomerTests
{
    [Theory]
    [InlineData("""{ "Policies": { "orders": {} } }""", "did you mean Upstreams?")]
    [InlineData("""{ "Policies": [ "orders.yaml" ] }""", "did you mean PolicyFiles?")]
    [InlineData(
        """{ "Upstreams": { "orders": { "config": {} } } }""", "its keys belong directly in {0}:Upstreams:orders.")]
    [InlineData("""{ "Upstreams": { "orders": { "serverName": "a.example" } } }""",
        "it belongs in {0}:Upstreams:orders:extensions:serverName.")]
    [InlineData("""{ "Upstreams": { "orders": { "certificate": { "pkcs12": "file:a.p12" } } } }""",
        "it belongs in {0}:Upstreams:orders:extensions:pkcs12, which takes the place of certificate.")]
    [InlineData("""{ "Upstreams": [ { "name": "orders" } ] }""",
        "Upstreams is not a list; write the keys of config below the name of the Service.")]
    [InlineData("""{ "Upstreams": { "orders": { "certificate": "file:a.pem" } } }""",
        "must have keys below it, not a value; write key and crt below it, each as file:PATH or PEM text.")]
    [InlineData("""{ "Upstreams": { "orders": { "trustedCA": [ "file:a.pem", "file:b.pem" ] } } }""",
        "must be one value; put the certificates into one file, one after the other.")]
    public async Task AMistakeInTheConfiguration_IsToldHowItIsWritten(string section, string hint)
    {
        var json = $$"""{ "OutboundTls": {{section}} }""";

        var fault = await Registered.FaultAsync(
            services => services.AddOutboundTls(Registered.Json(json).GetSection("OutboundTls")));

        Assert.EndsWith(
            hint.Replace("{0}", "OutboundTls", StringComparison.Ordinal), fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# comments alone\n")]
    [InlineData("another policy")]
    public async Task FilesWithoutAPolicy_AreNamed(string text)
    {
        await using var host = new PolicyHost();
        var other = PolicyYaml.Binding("orders", "{}").Replace("tls-outbound", "tls-inbound", StringComparison.Ordinal);
        host.Write("policies/orders.yaml", text == "another policy" ? other : text);
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("policies/*.yaml"));
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls();

        var fault = Assert.Single((await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics,
            found => found.Code == DiagnosticCodes.NoPolicyForClient);

        Assert.EndsWith(
            $"no policy is registered: '{host.Folder}/policies/orders.yaml' was read and holds "
                + "no tls-outbound binding.",
            fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATypedClientWithoutAService_IsToldToNameOne()
    {
        var fault = await Registered.FaultAsync(services => services
            .AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default))
            .AddHttpClient<OrdersClient>().AddOutboundTls());

        Assert.Equal(
            "client 'OrdersClient', AddOutboundTls(): there is no policy for a Service 'OrdersClient'; "
                + "there are policies for 'orders'. "
                + "Name the Service if the client has another name, as in AddOutboundTls(\"orders\").",
            fault.Message);
    }

    [Fact]
    public async Task ABlankInAName_IsSeen()
    {
        var fault = await Registered.FaultAsync(services => services
            .AddOutboundTls(Registered.InMemory(("Upstreams:orders :minversion", "1.2")))
            .AddHttpClient("orders").AddOutboundTls("orders"));

        Assert.EndsWith("did you mean 'orders '?", fault.Message, StringComparison.Ordinal);
    }

    private sealed class OrdersClient(HttpClient client)
    {
        public HttpClient Client { get; } = client;
    }
}
