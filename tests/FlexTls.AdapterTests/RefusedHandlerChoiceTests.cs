using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Xunit;

namespace FlexTls.Adapters;

/// <summary>A client that FlexTls has nothing else to do with refuses choices, whoever makes them.</summary>
public class RefusedHandlerChoiceTests : SelectionContext
{
    [Theory]
    [InlineData("handler")]
    [InlineData("no filters")]
    [InlineData("handler, no filters")]
    public async Task AClientWithoutAPolicy_RefusesWhatItsHandlersChoose_AndWithoutFilters(string way)
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants(Names, services =>
        {
            var client = services.AddHttpClient("plain");
            if (way.Contains("handler", StringComparison.Ordinal))
            {
                client.AddHttpMessageHandler(() => new Choosing());
            }

            if (way.Contains("no filters", StringComparison.Ordinal))
            {
                services.RemoveAll<IHttpMessageHandlerBuilderFilter>();
            }
        });
        using var client = tenants.Client("plain");

        var chosen = way.Contains("handler", StringComparison.Ordinal) ? null : "tenant-1";
        Assert.Equal("FTLS7030", (await RefusalAsync(client, server, chosen)).Code);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task AClientWhoseHandlersAreAllRemovedByAFilter_RefusesChoices()
    {
        await using var tenants = new Tenants(Names, services =>
        {
            services.AddHttpClient("tenants").AllowUpstreamSelection();
            services.AddHttpClient("plain");
            services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter>(new ClearingFilter()));
        });

        await using var server = await StartAsync();
        using var client = tenants.Client("plain");
        Assert.Equal("FTLS7030", (await RefusalAsync(client, server, "tenant-1")).Code);
    }

    [Fact]
    public async Task AChoiceOfAFiltersHandler_IsRefused()
    {
        await using var server = await StartAsync();
        var services = new ServiceCollection();
        services.AddHttpClient("plain");
        services.AddOutboundTls(tls => tls.AddPolicy("tenant-1", OutboundTlsPolicy.Default));
        services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new ChoosingFilter());
        await using var provider = services.BuildServiceProvider();
        using var plain = provider.GetRequiredService<IHttpClientFactory>().CreateClient("plain");

        Assert.Equal("FTLS7030", (await RefusalAsync(plain, server, tenant: null)).Code);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task AChoiceThatAHandlerWouldLose_IsRefused(bool isBound, bool hasDefaultCall)
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants(Names, services =>
        {
            var client = services.AddHttpClient("tenant-2").AddHttpMessageHandler(() => new Copying());
            if (isBound)
            {
                client.AddOutboundTls();
            }

            if (hasDefaultCall)
            {
                services.ConfigureHttpClientDefaults(all => all.AddOutboundTls());
            }

            services.AddOutboundTls(_ => { });
        });
        using var client = tenants.Client("tenant-2");

        Assert.Equal("FTLS7030", (await RefusalAsync(client, server, "tenant-1")).Code);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("policy first")]
    [InlineData("policy last")]
    [InlineData("default call")]
    public async Task AHandlerThatCodeCreates_CanBeAClientsPrimaryHandler(string way)
    {
        await using var server = await StartAsync();
        await using var tenants = new Tenants(Names, services =>
        {
            services.AddHttpClient("own").ConfigurePrimaryHttpMessageHandler(
                provider => provider.GetRequiredService<IOutboundTlsHandlerFactory>()
                    .CreateLateBoundHandler("tenant-2", UnboundClientBehavior.Refuse));
            if (way == "default call")
            {
                services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
            }
            else if (way == "policy last")
            {
                services.AddOutboundTls(_ => { });
            }
        });
        using var client = tenants.Client("own");

        await SendAsync(client, server, tenant: null);

        Assert.Equal(["CN=tenant-2"], Subjects(server));
    }

    private sealed class ChoosingFilter : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.AdditionalHandlers.Add(new Choosing());
        };
    }

    private sealed class ClearingFilter : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            builder.AdditionalHandlers.Clear();
        };
    }

    private sealed class Copying : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            base.SendAsync(new HttpRequestMessage(request.Method, request.RequestUri), cancellationToken);
    }

    private sealed class Choosing : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Options.Set(OutboundTlsRequest.Upstream, "tenant-1");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
