using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>The overloads of AddOutboundTls for clients, on named, unnamed, typed and keyed ones, as a server sees them.</summary>
public class ClientOverloadTests
{
    public static TheoryData<string> Overloads => ["name", "service", "policy", "options"];

    [Theory]
    [MemberData(nameof(Overloads))]
    public async Task ANamedClient_IsUnderItsPolicy(string overload)
    {
        await using var clients = Create(services => Bind(services.AddHttpClient("orders"), overload));

        await AssertUnderPolicyAsync(clients["orders"]);
    }

    [Theory]
    [MemberData(nameof(Overloads))]
    public async Task AKeyedClient_IsUnderItsPolicy(string overload)
    {
        await using var clients = Create(services => Bind(services.AddHttpClient("orders").AddAsKeyed(), overload));
        await using var scope = clients.Services.CreateAsyncScope();

        await AssertUnderPolicyAsync(scope.ServiceProvider.GetRequiredKeyedService<HttpClient>("orders"));
    }

    [Theory]
    [InlineData("service")]
    [InlineData("policy")]
    [InlineData("options")]
    public async Task ATypedClient_IsUnderItsPolicy(string overload)
    {
        await using var clients = Create(services => Bind(services.AddHttpClient<Orders>(), overload));

        await AssertUnderPolicyAsync(clients.Services.GetRequiredService<Orders>().Client);
    }

    [Fact]
    public async Task ATypedClient_HasTheNameOfItsType()
    {
        await using var clients = ClientHost.Create(services => services
            .AddOutboundTls(tls => tls.AddPolicy("Orders", Write)).AddHttpClient<Orders>().AddOutboundTls());

        await AssertUnderPolicyAsync(clients.Services.GetRequiredService<Orders>().Client);
    }

    [Fact]
    public async Task ATypedClientWithANameOfItsOwn_IsUnderThePolicyOfThatName()
    {
        await using var clients = Create(services => services.AddHttpClient<Orders>("orders").AddOutboundTls());

        await AssertUnderPolicyAsync(clients.Services.GetRequiredService<Orders>().Client);
    }

    [Theory]
    [InlineData("service")]
    [InlineData("policy")]
    [InlineData("options")]
    public async Task TheUnnamedClient_IsUnderItsPolicy(string overload)
    {
        await using var clients = Create(services => Bind(services.AddHttpClient(""), overload));

        await AssertUnderPolicyAsync(clients.Services.GetRequiredService<IHttpClientFactory>().CreateClient());
        await AssertUnderPolicyAsync(clients.Services.GetRequiredService<HttpClient>());
    }

    [Fact]
    public async Task TwoEqualCalls_AreOne()
    {
        Action<OutboundTlsOptions> write = Write;
        await using var clients = Create(services =>
        {
            services.AddHttpClient("orders").AddOutboundTls().AddOutboundTls();
            services.AddHttpClient("service").AddOutboundTls("orders").AddOutboundTls("orders");
            services.AddHttpClient("policy").AddOutboundTls(Policy()).AddOutboundTls(Policy());
            services.AddHttpClient("options").AddOutboundTls(write).AddOutboundTls(write);
        });

        foreach (var name in new[] { "orders", "service", "policy", "options" })
        {
            await AssertUnderPolicyAsync(clients[name]);
        }
    }

    [Theory]
    [InlineData("name", "service", "AddOutboundTls()", "AddOutboundTls(\"orders\")")]
    [InlineData("service", "policy", "AddOutboundTls(\"orders\")", "AddOutboundTls(policy)")]
    [InlineData("options", "name", "AddOutboundTls(policy)", "AddOutboundTls()")]
    [InlineData("policy", "options", "AddOutboundTls(policy)", "AddOutboundTls(policy)")]
    public async Task TwoDifferentCalls_AreAnErrorThatNamesBoth(string first, string second, string firstShown, string secondShown)
    {
        var fault = await Registered.FaultAsync(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", Write));
            Bind(Bind(services.AddHttpClient("orders"), first), second);
        });

        Assert.Equal(DiagnosticCodes.ClientBoundTwice, fault.Code);
        Assert.Equal($"client 'orders' has both {firstShown} and {secondShown}; keep one.", fault.Message);
    }

    [Fact]
    public void AddOutboundTls_WithNothing_IsAnError()
    {
        var client = new ServiceCollection().AddHttpClient("orders");

        Assert.ThrowsAny<ArgumentException>(() => client.AddOutboundTls(" "));
        Assert.ThrowsAny<ArgumentException>(() => client.AddOutboundTls((string)null!));
        Assert.Throws<ArgumentNullException>(() => client.AddOutboundTls((OutboundTlsPolicy)null!));
        Assert.Throws<ArgumentNullException>(() => client.AddOutboundTls((Action<OutboundTlsOptions>)null!));
        Assert.Throws<ArgumentNullException>(() => ((IHttpClientBuilder)null!).AddOutboundTls());
        Assert.Throws<ArgumentNullException>(() => client.DangerousReplaceOutboundTls((Func<HttpMessageHandler>)null!));
        Assert.Throws<ArgumentNullException>(
            () => client.DangerousReplaceOutboundTls((Func<IServiceProvider, HttpMessageHandler>)null!));
    }

    private static ClientHost Create(Action<IServiceCollection> configure) => ClientHost.Create(services =>
    {
        services.AddOutboundTls(tls => tls.AddPolicy("orders", Write));
        configure(services);
    });

    private static IHttpClientBuilder Bind(IHttpClientBuilder client, string overload) => overload switch
    {
        "name" => client.AddOutboundTls(),
        "service" => client.AddOutboundTls("orders"),
        "policy" => client.AddOutboundTls(Policy()),
        _ => client.AddOutboundTls(Write),
    };

    private static void Write(OutboundTlsOptions options)
    {
        (options.TrustedCA, options.Alpn) = (Pki.Root.Pem, ["x-orders", "http/1.1"]);
        options.Extensions = new OutboundTlsExtensionOptions { ServerName = Pki.Host };
    }

    private static OutboundTlsPolicy Policy()
    {
        var options = new OutboundTlsOptions();
        Write(options);
        return OutboundTlsPolicy.Create(options);
    }

    private static async Task AssertUnderPolicyAsync(HttpClient client)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());

        await client.GetStringAsync(upstream.Address, Deadline.Token());

        var hello = Assert.Single(upstream.Requests).Hello!;
        Assert.Equal(["x-orders", "http/1.1"], hello.Alpn);
        Assert.Equal(Pki.Host, hello.ServerName);
    }

    private sealed class Orders(HttpClient client)
    {
        public HttpClient Client => client;
    }
}
