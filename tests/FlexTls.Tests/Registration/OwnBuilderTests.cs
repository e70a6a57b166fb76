using FlexTls.Http;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace FlexTls.Registration;

/// <summary>Builders of handlers of the program's own do what they did, for clients that have no policy.</summary>
public class OwnBuilderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheProgramsActions_FindTheBuilderOfTheProgram(bool policyFirst)
    {
        var types = new List<Type>();
        await using var host = Create(policyFirst, services =>
        {
            services.AddTransient<HttpMessageHandlerBuilder, OwnBuilder>();
            services.Configure<HttpClientFactoryOptions>(
                "free",
                options => options.HttpMessageHandlerBuilderActions.Add(builder => types.Add(builder.GetType())));
        });

        using var client = host["free"];

        Assert.Equal([typeof(OwnBuilder)], types);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ABuilderThatTakesNoHandlers_Builds(bool policyFirst)
    {
        await using var host = Create(
            policyFirst, services => services.AddTransient<HttpMessageHandlerBuilder, FixedBuilder>());
        using var client = host["free"];

        Assert.Equal("fixed", await client.GetStringAsync("https://localhost/", Deadline.Token()));
    }

    [Fact]
    public async Task ThePlatformsBuilder_BuildsTwice()
    {
        await using var host = Create(policyFirst: true, _ => { });
        var builder = host.Services.GetRequiredService<HttpMessageHandlerBuilder>();

        Assert.NotSame(builder.Build(), builder.Build());
        Assert.Empty(builder.AdditionalHandlers);
    }

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
        services.AddSingleton<IHttpMessageHandlerBuilderFilter, BuildingAround>();
        await host.StartAsync();

        await host["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    [Fact]
    public async Task ABuilderThatWasLeftForAnotherClient_GuardsThat()
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
        services.AddHttpClient("billing").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        var builder = host.Services.GetRequiredService<HttpMessageHandlerBuilder>();
        (builder.Name, builder.Name) = ("orders", "billing");

        using var client = new HttpClient(builder.Build());
        await client.GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Null(Assert.Single(upstream.Requests).ClientCertificate);
    }

    private static PolicyHost Create(bool policyFirst, Action<IServiceCollection> other)
    {
        var host = new PolicyHost();
        var services = host.Builder.Services;
        Action policy = () => services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        // The logging of the platform puts in handlers too.
        services.AddHttpClient("free").RemoveAllLoggers();
        foreach (var step in policyFirst ? [policy, () => other(services)] : new[] { () => other(services), policy })
        {
            step();
        }

        return host;
    }

    private sealed class FixedBuilder : HttpMessageHandlerBuilder
    {
        public override string? Name { get; set; }

        public override HttpMessageHandler PrimaryHandler { get; set; } = new SocketsHttpHandler();

        public override IList<DelegatingHandler> AdditionalHandlers => Array.Empty<DelegatingHandler>();

        public override HttpMessageHandler Build() => new Answering();
    }

    private sealed class Answering : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent("fixed") });
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
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.Name = "http-" + builder.Name;
            var built = builder.Build();
            builder.AdditionalHandlers.Clear();
            builder.PrimaryHandler = new Passing { InnerHandler = built };
        };
    }

    private sealed class Passing : DelegatingHandler;
}
