using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace FlexTls.Registration;

/// <summary>
/// The handlers of a client are under its policy, whatever filters and options do with the builder meanwhile.
/// </summary>
public class BuilderUseTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ABuilderThatBuildsForOneClientAfterTheOther_GuardsEachForItself(bool runsActions)
    {
        var sent = await SentCertificates.OfHandlersAsync(
            services =>
            {
                services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
                services.AddHttpClient("billing").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
            },
            services => Build(services.GetRequiredService<HttpMessageHandlerBuilder>(), services));

        Assert.Equal([Pki.Client.Subject, null, Pki.Client.Subject], sent);

        IEnumerable<HttpMessageHandler> Build(HttpMessageHandlerBuilder builder, IServiceProvider services)
        {
            foreach (var name in (string[])["orders", "billing", "orders"])
            {
                (builder.Name, builder.PrimaryHandler) = (name, new SocketsHttpHandler());
                if (runsActions)
                {
                    RunActions(services, name, builder);
                }

                yield return builder.Build();
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFilterThatBuildsAroundAndRenames_KeepsTheClient(bool renamesLast)
    {
        var sent = await SentCertificates.OfAsync(
            services =>
            {
                AddPolicyForAll(services);
                services.AddHttpClient("orders");
                services.AddSingleton<IHttpMessageHandlerBuilderFilter>(
                    new BuildingAround { RenamesLast = renamesLast });
            },
            "orders");

        Assert.Equal([Pki.Client.Subject], sent);
    }

    [Fact]
    public async Task AClientWhoseActionsAreGone_IsUnderItsPolicy_WhateverItsHandlersAreCalled()
    {
        var sent = await SentCertificates.OfAsync(
            services =>
            {
                services.AddHttpClient();
                DecoratedFactories.DecorateBoth(services);
                services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
                services.AddSingleton<IHttpMessageHandlerBuilderFilter, Renaming>();
                services.PostConfigureAll<HttpClientFactoryOptions>(
                    options => options.HttpMessageHandlerBuilderActions.Clear());
            },
            "orders");

        Assert.Equal([Pki.Client.Subject], sent);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task AFactoryOfTheProgram_ThatBuildsUnderADerivedName_HasThePolicyOfTheActions(
        bool hasOwnCall, bool hasCallForAll)
    {
        var sent = await SentCertificates.OfHandlersAsync(
            services =>
            {
                services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.MutualTls())));
                var client = services.AddHttpClient("orders");
                if (hasOwnCall)
                {
                    client.AddOutboundTls();
                }

                if (hasCallForAll)
                {
                    services.ConfigureHttpClientDefaults(all => all.AddOutboundTls());
                }
            },
            services =>
            {
                var builder = services.GetRequiredService<HttpMessageHandlerBuilder>();
                builder.Name = "orders|tenant";
                RunActions(services, "orders", builder);
                return [builder.Build()];
            });

        Assert.Equal([Pki.Client.Subject], sent);
    }

    [Fact]
    public async Task ABuilderAroundOurs_ThatKeepsTheNameToItself_IsUnderThePolicyOfItsClient()
    {
        var sent = await SentCertificates.OfAsync(
            services =>
            {
                AddPolicyForAll(services);
                var inner = services.Last(service => service.ServiceType == typeof(HttpMessageHandlerBuilder));
                services.AddTransient<HttpMessageHandlerBuilder>(provider => new Around(
                    (HttpMessageHandlerBuilder)inner.ImplementationFactory!(provider)));
            },
            "orders");

        Assert.Equal([Pki.Client.Subject], sent);
    }

    private static void AddPolicyForAll(IServiceCollection services)
    {
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.MutualTls())));
        services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
    }

    private static void RunActions(IServiceProvider services, string client, HttpMessageHandlerBuilder builder)
    {
        var options = services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(client);
        foreach (var action in options.HttpMessageHandlerBuilderActions)
        {
            action(builder);
        }
    }

    private sealed class BuildingAround : IHttpMessageHandlerBuilderFilter
    {
        public bool RenamesLast { get; init; }

        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            var name = "http-" + builder.Name;
            builder.Name = RenamesLast ? builder.Name! : name;
            var built = builder.Build();
            builder.AdditionalHandlers.Clear();
            (builder.Name, builder.PrimaryHandler) = (name, new Passing { InnerHandler = built });
        };
    }

    private sealed class Renaming : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.Name = "http-" + builder.Name;
        };
    }

    private sealed class Passing : DelegatingHandler;

    private sealed class Around(HttpMessageHandlerBuilder inner) : HttpMessageHandlerBuilder
    {
        public override string? Name { get; set; }

        public override HttpMessageHandler PrimaryHandler
        {
            get => inner.PrimaryHandler;
            set => inner.PrimaryHandler = value;
        }

        public override IList<DelegatingHandler> AdditionalHandlers => inner.AdditionalHandlers;

        public override IServiceProvider Services => inner.Services;

        public override HttpMessageHandler Build() => inner.Build();
    }
}
