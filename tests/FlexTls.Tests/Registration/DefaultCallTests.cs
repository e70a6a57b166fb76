using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FlexTls.Registration;

/// <summary>A call on the defaults holds for clients of all names; a client's own call goes before it.</summary>
public class DefaultCallTests
{
    [Theory]
    [InlineData("orders", "x-orders")]
    [InlineData("billing", "x-billing")]
    [InlineData("default/orders", "x-orders")]
    public async Task EachClient_GetsThePolicyOfItsName(string client, string mark)
    {
        await using var clients = Create(services => services.ConfigureHttpClientDefaults(defaults => defaults.AddOutboundTls()));

        Assert.Equal([mark, "http/1.1"], await OfferAsync(clients[client]));
    }

    [Theory]
    [InlineData("service")]
    [InlineData("policy")]
    [InlineData("options")]
    public async Task ACallWithAPolicy_HoldsForClientsOfAnyName(string overload)
    {
        await using var clients = Create(services => services.ConfigureHttpClientDefaults(defaults => _ = overload switch
        {
            "service" => defaults.AddOutboundTls("orders"),
            "policy" => defaults.AddOutboundTls(Policy("orders")),
            _ => defaults.AddOutboundTls(options => Write(options, "orders")),
        }));

        foreach (var name in new[] { "orders", "billing", "whatever", "", "a/b/c" })
        {
            Assert.Equal(["x-orders", "http/1.1"], await OfferAsync(clients[name]));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AClientsOwnCall_Wins_WhicheverComesFirst(bool ownCallFirst)
    {
        var made = 0;
        await using var clients = Create(services =>
        {
            Action own = () => services.AddHttpClient("orders").AddOutboundTls(options =>
            {
                made++;
                Write(options, "own");
            });
            Action forAll = () => services.ConfigureHttpClientDefaults(defaults => defaults.AddOutboundTls());
            foreach (var call in ownCallFirst ? new[] { own, forAll } : [forAll, own])
            {
                call();
            }
        });

        Assert.Equal(["x-own", "http/1.1"], await OfferAsync(clients["orders"]));
        Assert.Equal(["x-own", "http/1.1"], await OfferAsync(clients["orders"]));
        Assert.Equal(["x-billing", "http/1.1"], await OfferAsync(clients["billing"]));
        Assert.Equal(1, made);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AClientsOwnService_Wins_OverAPolicyForAll(bool ownCallFirst)
    {
        await using var clients = Create(services =>
        {
            if (ownCallFirst)
            {
                services.AddHttpClient("mine").AddOutboundTls("billing");
            }

            services.ConfigureHttpClientDefaults(defaults => defaults.AddOutboundTls("orders"));
            if (!ownCallFirst)
            {
                services.AddHttpClient("mine").AddOutboundTls("billing");
            }
        });

        Assert.Equal(["x-billing", "http/1.1"], await OfferAsync(clients["mine"]));
    }

    [Fact]
    public async Task AFaultyOwnCall_DoesNotFallBackToTheDefault()
    {
        var fault = await Registered.FaultAsync(services =>
        {
            services.ConfigureHttpClientDefaults(defaults => defaults.AddOutboundTls(OutboundTlsPolicy.Default));
            services.AddHttpClient("orders").AddOutboundTls("nowhere");
        });

        Assert.Equal(DiagnosticCodes.NoPolicyForClient, fault.Code);
    }

    [Fact]
    public async Task TwoDifferentDefaultCalls_AreAnError()
    {
        var fault = await Registered.FaultAsync(services => services
            .ConfigureHttpClientDefaults(defaults => defaults.AddOutboundTls()).ConfigureHttpClientDefaults(defaults => defaults.AddOutboundTls(OutboundTlsPolicy.Default)));

        Assert.Equal(DiagnosticCodes.ClientBoundTwice, fault.Code);
        Assert.Equal("all clients has both AddOutboundTls() and AddOutboundTls(policy); keep one.", fault.Message);
    }

    [Fact]
    public async Task TwoEqualDefaultCalls_AreOne()
    {
        await using var clients = Create(services => services
            .ConfigureHttpClientDefaults(defaults => defaults.AddOutboundTls()).ConfigureHttpClientDefaults(defaults => defaults.AddOutboundTls()));

        Assert.Equal(["x-orders", "http/1.1"], await OfferAsync(clients["orders"]));
    }

    [Fact]
    public async Task ANameOfSeveralNamespaces_IsAnErrorWhenTheClientIsMade()
    {
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("a/orders", OutboundTlsPolicy.Default).AddPolicy("b/orders", OutboundTlsPolicy.Default));
            services.ConfigureHttpClientDefaults(defaults => defaults.AddOutboundTls());
        });

        Assert.Equal(DiagnosticCodes.AmbiguousService, Assert.Single(Assert.Throws<TlsPolicyException>(() => clients["orders"]).Diagnostics).Code);
    }

    [Fact]
    public void TheHandlerOfAllClients_CannotBeReplaced() => new ServiceCollection().ConfigureHttpClientDefaults(defaults =>
        Assert.Throws<ArgumentException>(() => defaults.DangerousReplaceOutboundTls(() => new HttpClientHandler())));

    private static ClientHost Create(Action<IServiceCollection> configure) => ClientHost.Create(services =>
    {
        services.AddOutboundTls(tls => tls.AddPolicy("orders", Policy("orders")).AddPolicy("billing", Policy("billing")));
        configure(services);
    });

    private static OutboundTlsPolicy Policy(string mark)
    {
        var options = new OutboundTlsOptions();
        Write(options, mark);
        return OutboundTlsPolicy.Create(options);
    }

    private static void Write(OutboundTlsOptions options, string mark) => (options.TrustedCA, options.Alpn) = (Pki.Root.Pem, [$"x-{mark}", "http/1.1"]);

    private static async Task<IReadOnlyList<string>> OfferAsync(HttpClient client)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await client.GetStringAsync(upstream.Address, Deadline.Token());
        return upstream.Requests.Last().Hello!.Alpn;
    }
}
