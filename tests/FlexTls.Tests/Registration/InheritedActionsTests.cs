using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace FlexTls.Registration;

/// <summary>
/// A program may give a client what is configured for another. It keeps its own policy, and gets no policy silently.
/// </summary>
public class InheritedActionsTests
{
    /// <param name="decoratesFactories">Whether the program decorates the factories before.</param>
    /// <param name="byOptions">Whether the options inherit, after FlexTls, and not a filter.</param>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task AClientThatInheritsTheActionsOfAnother_KeepsItsPolicy(bool decoratesFactories, bool byOptions)
    {
        var sent = await SentCertificates.OfAsync(
            services =>
            {
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
            },
            "orders-eu", "orders");

        Assert.Equal([null, Pki.Client.Subject], sent);
    }

    [Fact]
    public async Task AClientWhosePolicyIsThatOfItsService_KeepsIt()
    {
        var sent = await SentCertificates.OfAsync(
            services =>
            {
                services.AddOutboundTls(
                    tls => tls.AddPolicy("orders-eu", OutboundTlsPolicy.Create(Pki.Trusting())));
                services.ConfigureHttpClientDefaults(all => all.AddOutboundTls());
                services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
                services.AddSingleton<IHttpMessageHandlerBuilderFilter, InheritingFilter>();
            },
            "orders-eu");

        Assert.Equal([null], sent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AClientWithoutAPolicy_ThatInheritsTheActionsOfOneWithAPolicy_IsRefused(bool hasCallForAll)
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
        services.AddHttpClient("orders-eu");
        if (hasCallForAll)
        {
            services.ConfigureHttpClientDefaults(all => all.AddOutboundTls());
        }

        services.AddSingleton<IHttpMessageHandlerBuilderFilter, InheritingFilter>();

        var refused = Assert.Throws<TlsPolicyException>(() => host["orders-eu"]);

        Assert.Equal(DiagnosticCodes.HandlerReplaced, Assert.Single(refused.Diagnostics).Code);
    }

    [Fact]
    public async Task AReplacedClient_ThatInheritsTheActionsOfOneWithAPolicy_IsReplaced()
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
        services.AddHttpClient("orders-eu").DangerousReplaceOutboundTls(() => new Answering());
        services.AddSingleton<IHttpMessageHandlerBuilderFilter, InheritingFilter>();

        Assert.Equal("fake", await host["orders-eu"].GetStringAsync("https://localhost/", Deadline.Token()));
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

    private sealed class Answering : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent("fake") });
    }
}
