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

    /// <param name="decoratesFactories">Whether the program decorates the factories before.</param>
    /// <param name="byOptions">Whether the options inherit, after FlexTls, and not a filter.</param>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task AClientThatInheritsTheActionsOfAnother_KeepsItsPolicy(bool decoratesFactories, bool byOptions)
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient();
        if (decoratesFactories)
        {
            DecoratedFactories.DecorateBoth(services);
        }

        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
        services.AddHttpClient("orders-eu").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        if (byOptions)
        {
            services.AddSingleton<IPostConfigureOptions<HttpClientFactoryOptions>, InheritingOptions>();
        }
        else
        {
            services.AddSingleton<IHttpMessageHandlerBuilderFilter, InheritingFilter>();
        }

        await host.StartAsync();

        await host["orders-eu"].GetStringAsync(upstream.Address, Deadline.Token());
        await host["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(
            [null, Pki.Client.Subject], upstream.Requests.Select(request => request.ClientCertificate));
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

    [Fact]
    public async Task AFactoryOfTheProgram_ThatBuildsUnderADerivedName_HasThePolicyOfTheActions()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        host.Builder.Services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
        var builder = host.Services.GetRequiredService<HttpMessageHandlerBuilder>();
        builder.Name = "orders|tenant";
        var options = host.Services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get("orders");
        foreach (var action in options.HttpMessageHandlerBuilderActions)
        {
            action(builder);
        }

        using var client = new HttpClient(builder.Build());
        await client.GetStringAsync(upstream.Address, Deadline.Token());

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

    /// <summary>The clients <c>x-eu</c> have what is configured for <c>x</c>, too.</summary>
    private sealed class InheritingFilter(IOptionsMonitor<HttpClientFactoryOptions> options)
        : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            if (builder.Name == "orders-eu")
            {
                // Its logs are those of the other client, too.
                builder.Name = "orders";
                foreach (var action in options.Get("orders").HttpMessageHandlerBuilderActions)
                {
                    action(builder);
                }
            }
        };
    }

    /// <inheritdoc cref="InheritingFilter"/>
    private sealed class InheritingOptions(IServiceProvider services)
        : IPostConfigureOptions<HttpClientFactoryOptions>
    {
        public void PostConfigure(string? name, HttpClientFactoryOptions options)
        {
            if (name == "orders-eu")
            {
                var all = services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>();
                foreach (var action in all.Get("orders").HttpMessageHandlerBuilderActions)
                {
                    options.HttpMessageHandlerBuilderActions.Add(action);
                }
            }
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
}
