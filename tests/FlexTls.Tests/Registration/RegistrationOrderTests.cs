using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Xunit;

namespace FlexTls.Registration;

/// <summary>No order of registration takes a policy away without a word: the client is under it, or there is an error.</summary>
public class RegistrationOrderTests
{
    public static TheoryData<string, bool> Kept
    {
        get
        {
            var data = new TheoryData<string, bool>();
            string[] ways =
            [
                "filters removed", "filter replaced", "harmless filter first", "replacing filter",
                "replacing filter first", "filters removed, then a replacing one", "own builder", "lifetime", "sockets",
                "logging removed", "typed", "keyed", "two providers",
            ];
            foreach (var way in ways)
            {
                data.Add(way, true);
                data.Add(way, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task ThePolicyIsKept(string way, bool policyFirst)
    {
        await using var upstream = await HttpUpstream.StartAsync(new HttpUpstreamOptions(Pki.EcServer), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        Register(services, policyFirst, () => Apply(services, way));

        await host.StartAsync();
        using var client = way switch
        {
            "typed" => host.Services.GetRequiredService<Typed>().Client,
            "keyed" => host.Services.GetRequiredKeyedService<HttpClient>("orders"),
            _ => host["orders"],
        };
        await client.GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(["h2", "http/1.1"], Assert.Single(upstream.Hellos).Alpn);
    }

    public static TheoryData<string, bool> Lost => new()
    {
        { "own builder and a replacing filter", true },
        { "own builder and a replacing filter", false },
        { "builder of its own mind", true },
        { "builder of its own mind", false },
    };

    [Theory]
    [MemberData(nameof(Lost))]
    public async Task WhatCannotBeKept_IsAnErrorAtStart_AndWhereTheClientIsMade(string way, bool policyFirst)
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        Register(services, policyFirst, () => Apply(services, way));

        Assert.Contains(DiagnosticCodes.HandlerReplaced, (await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics.Select(fault => fault.Code));
        AssertRefused(host, "orders");
    }

    [Theory]
    [MemberData(nameof(Lost))]
    public async Task AClientThatNobodyKnewAtStart_IsRefusedWhereItIsMade(string way, bool policyFirst)
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        Action policy = () =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting())));
            services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        };
        foreach (var step in policyFirst ? [policy, () => Apply(services, way)] : new[] { () => Apply(services, way), policy })
        {
            step();
        }

        await host.StartAsync();

        AssertRefused(host, "orders");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UnboundClients_HoldForClientsThatAreRegisteredLater(bool policyFirst)
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        foreach (var isPolicy in new[] { policyFirst, !policyFirst })
        {
            if (isPolicy)
            {
                services.AddOutboundTls(tls => tls.UnboundClients = UnboundClientBehavior.GatewayDefault);
            }
            else
            {
                services.AddHttpClient();
                Apply(services, "builder of its own mind");
            }
        }

        await host.StartAsync();

        AssertRefused(host, "any");
    }

    [Theory]
    [InlineData("Orders")]
    [InlineData("ORDERS")]
    public async Task AClientWhoseNameDiffersFromABoundOneInLetterCase_IsAnError(string name)
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        await host.StartAsync();

        var fault = Assert.Single(Assert.Throws<TlsPolicyException>(() => host[name]).Diagnostics);

        Assert.Equal(DiagnosticCodes.NoPolicyForClient, fault.Code);
        Assert.Contains("did you mean 'orders'?", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(host["orders"]);
        Assert.NotNull(host["other"]);
    }

    [Fact]
    public async Task AConfiguredClientWhoseNameDiffersInLetterCase_IsAnErrorAtStart()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        host.Builder.Services.AddHttpClient("Orders", client => client.Timeout = TimeSpan.FromSeconds(1));

        Assert.Equal(DiagnosticCodes.NoPolicyForClient, Assert.Single((await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics).Code);
    }

    private static void AssertRefused(PolicyHost host, string name)
    {
        Assert.Equal(DiagnosticCodes.HandlerReplaced, Assert.Single(Assert.Throws<TlsPolicyException>(() => host[name]).Diagnostics).Code);
        var handlers = host.Services.GetRequiredService<IHttpMessageHandlerFactory>();
        Assert.Equal(DiagnosticCodes.HandlerReplaced, Assert.Single(Assert.Throws<TlsPolicyException>(() => handlers.CreateHandler(name)).Diagnostics).Code);
    }

    private static void Register(IServiceCollection services, bool policyFirst, Action other)
    {
        Action policy = () => services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        foreach (var step in policyFirst ? new[] { policy, other } : [other, policy])
        {
            step();
        }
    }

    private static void Apply(IServiceCollection services, string way)
    {
        var client = services.AddHttpClient("orders-like");
        switch (way)
        {
            case "filters removed":
                services.RemoveAll<IHttpMessageHandlerBuilderFilter>();
                break;
            case "harmless filter first":
                services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter>(new Filter(_ => { })));
                break;
            case "own builder":
                services.AddTransient<HttpMessageHandlerBuilder, OwnBuilder>();
                break;
            case "lifetime":
                services.AddHttpClient("orders").SetHandlerLifetime(Timeout.InfiniteTimeSpan);
                break;
            case "sockets":
                services.AddHttpClient("orders").UseSocketsHttpHandler((handler, _) => handler.MaxConnectionsPerServer = 2);
                break;
            case "logging removed":
                services.AddHttpClient("orders").RemoveAllLoggers();
                break;
            case "typed":
                services.AddHttpClient<Typed>("orders");
                break;
            case "keyed":
                services.AddHttpClient("orders").AddAsKeyed();
                break;
            case "two providers":
                services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("orders-like").Dispose();
                break;
            case "replacing filter":
                services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Filter(Replace));
                break;
            case "replacing filter first":
                services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter>(new Filter(Replace)));
                break;
            case "filters removed, then a replacing one":
                services.RemoveAll<IHttpMessageHandlerBuilderFilter>();
                services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Filter(Replace));
                break;
            case "filter replaced":
                services.Replace(ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter>(new Filter(Replace)));
                break;
            case "own builder and a replacing filter":
                services.AddTransient<HttpMessageHandlerBuilder, OwnBuilder>();
                services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Filter(Replace));
                break;
            case "builder of its own mind":
                services.AddTransient<HttpMessageHandlerBuilder, StubbornBuilder>();
                break;
        }

        Assert.NotNull(client);
    }

    private static void Replace(HttpMessageHandlerBuilder builder) => builder.PrimaryHandler = new SocketsHttpHandler();

    private sealed record Typed(HttpClient Client);

    private sealed class Filter(Action<HttpMessageHandlerBuilder> act) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            act(builder);
        };
    }
}
