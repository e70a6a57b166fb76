using System.Diagnostics.Metrics;
using FlexTls.Http;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace FlexTls.Registration;

/// <summary>
/// A handler that takes the place of the client's own: it is under the policy, or an error, unless a test asks for it
/// by name.
/// </summary>
public class ReplacedHandlerTests
{
    public static TheoryData<string> Ways =>
        ["post configure", "filter before", "filter after", "delegating", "other policy"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task AHandlerThatIsSetAnotherWay_IsUnderThePolicy(string way)
    {
        await using var upstream = await HttpUpstream.StartAsync(Loopbacks.Asking(), Deadline.Token());
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        if (way == "filter before")
        {
            services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new ReplacingFilter());
        }

        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.MutualTls()));
        Replace(services, way);

        await host.StartAsync();
        await host["orders"].GetStringAsync(upstream.Address, Deadline.Token());

        Assert.Equal(Pki.Client.Subject, Assert.Single(upstream.Requests).ClientCertificate);
    }

    [Fact]
    public async Task AForeignHandlerThatIsSetAnotherWay_IsAnErrorAtStart_AndWhereTheClientIsMade()
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Create(Pki.Trusting()));
        Replace(services, "post configure of all");

        var atStart = Assert.Single((await Assert.ThrowsAsync<TlsPolicyException>(host.StartAsync)).Diagnostics);
        var atUse = Assert.Single(Assert.Throws<TlsPolicyException>(() => host["orders"]).Diagnostics);

        Assert.Equal((DiagnosticCodes.ForeignPrimaryHandler, atStart), (atStart.Code, atUse));
        Assert.Contains("client 'orders'", atStart.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientsWithoutAPolicy_MayDoWhatTheyLike()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddOutboundTls().AddHttpClient("free");
        Replace(host.Builder.Services, "post configure of all");

        await host.StartAsync();

        Assert.NotNull(host["free"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ATestServer_StandsInForTheUpstream(bool policyFirst)
    {
        await using var app = await TestServerAsync();
        await using var clients = ClientHost.Create(services =>
        {
            services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Create(Pki.Trusting())));
            var client = services.AddHttpClient("orders", http => http.BaseAddress = new Uri("https://orders.example"));
            if (policyFirst)
            {
                client.AddOutboundTls();
            }

            client.DangerousReplaceOutboundTls(() => app.GetTestServer().CreateHandler());
            if (!policyFirst)
            {
                client.AddOutboundTls();
            }
        });

        Assert.Equal("https://orders.example/hello", await clients["orders"].GetStringAsync("/hello", Deadline.Token()));
        Assert.Equal("https://orders.example/again", await clients["orders"].GetStringAsync("/again", Deadline.Token()));
    }

    [Fact]
    public async Task AReplacement_IsCreatedWithTheServices()
    {
        await using var app = await TestServerAsync();
        await using var clients = ClientHost.Create(services =>
        {
            services.AddSingleton(app);
            services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default).DangerousReplaceOutboundTls(
                provider => provider.GetRequiredService<WebApplication>().GetTestServer().CreateHandler());
        });

        Assert.Equal("http://localhost/", await clients["orders"].GetStringAsync("http://localhost", Deadline.Token()));
    }

    [Fact]
    public async Task AReplacementInATestsOwnCall_ReachesAClientOfTheProgram()
    {
        // As WebApplicationFactory does it: the program has registered its clients when the test's services come.
        await using var app = await TestServerAsync();
        await using var clients = ClientHost.Create(services =>
        {
            services.ConfigureHttpClientDefaults(defaults => defaults.AddOutboundTls(OutboundTlsPolicy.Default));
            services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler());
            services.AddHttpClient("orders").DangerousReplaceOutboundTls(() => app.GetTestServer().CreateHandler());
        });

        Assert.Equal("http://localhost/", await clients["orders"].GetStringAsync("http://localhost", Deadline.Token()));
    }

    [Fact]
    public async Task AReplacement_IsLoggedAndCountedOnce()
    {
        var client = $"orders-{Guid.NewGuid():N}";
        var counted = new List<string?>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "FlexTls" && instrument.Name == "flextls.weakenings")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            var values = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value as string);
            if (values["flextls.upstream"] == client)
            {
                counted.Add($"{count} {values["flextls.weakening"]}");
            }
        });
        meters.Start();
        await using var clients = ClientHost.Create(services => services.AddHttpClient(client).AddOutboundTls(OutboundTlsPolicy.Default)
            .DangerousReplaceOutboundTls(() => new HttpClientHandler()));

        Assert.Empty(clients.Log.Warnings);
        clients[client].Dispose();
        MakeAgain(clients, client);

        Assert.Equal("1 replacedHandler", Assert.Single(counted));
        var line = Assert.Single(clients.Log.Warnings);
        Assert.StartsWith("DANGEROUS: ", line, StringComparison.Ordinal);
        Assert.Contains($"'{client}'", line, StringComparison.Ordinal);
    }

    private static void Replace(IServiceCollection services, string way)
    {
        switch (way)
        {
            case "post configure":
                services.PostConfigure<HttpClientFactoryOptions>("orders", options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = new SocketsHttpHandler()));
                break;
            case "post configure of all":
                services.PostConfigureAll<HttpClientFactoryOptions>(options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = new HttpClientHandler()));
                break;
            case "filter after":
                services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new ReplacingFilter());
                break;
            case "delegating":
                services.PostConfigureAll<HttpClientFactoryOptions>(options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = new Passing { InnerHandler = new SocketsHttpHandler() }));
                break;
            case "other policy":
                services.AddHttpClient("lax").AddOutboundTls(OutboundTlsPolicy.GatewayDefault);
                services.PostConfigure<HttpClientFactoryOptions>("orders", options => options.HttpMessageHandlerBuilderActions.Add(builder =>
                    builder.PrimaryHandler = EndOf(builder.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("lax"))));
                break;
        }
    }

    /// <summary>What the factory does when a handler's lifetime is over.</summary>
    private static void MakeAgain(ClientHost clients, string client)
    {
        var builder = clients.Services.GetRequiredService<HttpMessageHandlerBuilder>();
        builder.Name = client;
        foreach (var configure in clients.Services.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(client).HttpMessageHandlerBuilderActions)
        {
            configure(builder);
        }

        Assert.IsType<HttpClientHandler>(EndOf(builder.Build()));
    }

    private static HttpMessageHandler EndOf(HttpMessageHandler handler) => handler is DelegatingHandler delegating ? EndOf(delegating.InnerHandler!) : handler;

    private static async Task<WebApplication> TestServerAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync($"{context.Request.Scheme}://{context.Request.Host}{context.Request.Path}"));
        await app.StartAsync(Deadline.Token());
        return app;
    }

    private sealed class ReplacingFilter : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.PrimaryHandler = new SocketsHttpHandler();
        };
    }

    private sealed class Passing : DelegatingHandler;
}
