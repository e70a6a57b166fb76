using FlexTls.Http;
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
    [Fact]
    public async Task ThePlatformsBuilder_ThatBuildsForOneClientAfterTheOther_GuardsEachForItself()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
        services.AddHttpClient("billing").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        var builder = host.Services.GetRequiredService<HttpMessageHandlerBuilder>();
        var options = host.Services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>();
        foreach (var name in (string[])["orders", "billing", "orders"])
        {
            (builder.Name, builder.PrimaryHandler) = (name, new SocketsHttpHandler());
            foreach (var action in options.Get(name).HttpMessageHandlerBuilderActions)
            {
                action(builder);
            }

            using var client = new HttpClient(builder.Build());
            await client.GetStringAsync(upstream.Address, Deadline.Token());
        }

        Assert.Equal(
            [Pki.Client.Subject, null, Pki.Client.Subject],
            upstream.Requests.Select(request => request.ClientCertificate));
    }

    [Fact]
    public async Task AFilterThatRenamesAndBuildsAround_KeepsTheClient()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.MutualTls())));
        services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        services.AddHttpClient("orders");
        services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new BuildingAround());
        await host.StartAsync();

        await host["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    [Fact]
    public async Task AFilterThatBuildsAroundAndRenames_KeepsTheClient()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.MutualTls())));
        services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        services.AddHttpClient("orders");
        services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new BuildingAround { RenamesLast = true });
        await host.StartAsync();

        await host["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    [Fact]
    public async Task AClientWhoseActionsAreGone_IsUnderItsPolicy_WhateverItsHandlersAreCalled()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient();
        DecoratedFactories.DecorateBoth(services);
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
        services.AddSingleton<IHttpMessageHandlerBuilderFilter, Renaming>();
        services.PostConfigureAll<HttpClientFactoryOptions>(
            options => options.HttpMessageHandlerBuilderActions.Clear());
        await host.StartAsync();

        await host["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task AFactoryOfTheProgram_ThatBuildsUnderADerivedName_HasThePolicyOfTheActions(
        bool hasOwnCall, bool hasCallForAll)
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
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

        var builder = host.Services.GetRequiredService<HttpMessageHandlerBuilder>();
        builder.Name = "orders|tenant";
        var options = host.Services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get("orders");
        foreach (var action in options.HttpMessageHandlerBuilderActions)
        {
            action(builder);
        }

        using var derived = new HttpClient(builder.Build());
        await derived.GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    [Fact]
    public async Task ABuilderAroundOurs_ThatKeepsTheNameToItself_IsUnderThePolicyOfItsClient()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.MutualTls())));
        services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        var inner = services.Last(service => service.ServiceType == typeof(HttpMessageHandlerBuilder));
        services.AddTransient<HttpMessageHandlerBuilder>(provider => new Around(
            (HttpMessageHandlerBuilder)inner.ImplementationFactory!(provider)));
        await host.StartAsync();

        await host["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    [Fact]
    public async Task ABuilderThatBuildsByNamesAlone_GuardsEachClientForItself()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
        services.AddHttpClient("billing").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        var builder = host.Services.GetRequiredService<HttpMessageHandlerBuilder>();
        foreach (var name in (string[])["orders", "billing"])
        {
            (builder.Name, builder.PrimaryHandler) = (name, new SocketsHttpHandler());
            using var client = new HttpClient(builder.Build());
            await client.GetStringAsync(upstream.Address, Deadline.Token());
        }

        Assert.Equal([Pki.Client.Subject, null], upstream.Requests.Select(request => request.ClientCertificate));
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
