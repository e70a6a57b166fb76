using System.Net;
using System.Runtime.CompilerServices;
using FlexTls.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Xunit;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace FlexTls.Proxies;

/// <summary>What else a program registers for its proxy, and what it makes with the proxy's services.</summary>
public class RegistrationTests : ProxyContext
{
    [Theory]
    [InlineData(UnboundClientBehavior.Stock, true)]
    [InlineData(UnboundClientBehavior.Refuse, true)]
    [InlineData(UnboundClientBehavior.GatewayDefault, false)]
    [InlineData(UnboundClientBehavior.Refuse, false)]
    public async Task AnotherClientFactory_EndsTheStart_WithoutAnyCluster(
        UnboundClientBehavior unbound, bool configures)
    {
        await using var gateway = new Gateway(new GatewayOptions
        {
            Proxy = proxy =>
            {
                proxy.AddOutboundTls(options => options.UnboundClusters = unbound);
                _ = configures
                    ? proxy.ConfigureHttpClient((_, _) => { }).Services
                    : proxy.Services.AddSingleton<IForwarderHttpClientFactory, ForwarderHttpClientFactory>();
            },
            App = app => app.MapForwarder("/direct/{**rest}", "https://localhost:1/"),
        });

        var refusal = await Assert.ThrowsAsync<TlsPolicyException>(() => gateway.StartAsync());

        Assert.Equal("FTLS7031", refusal.Diagnostics[0].Code);
        Assert.Contains("options.ConfigureHandler", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnboundClientBehavior.Stock)]
    [InlineData(UnboundClientBehavior.GatewayDefault)]
    public async Task ARequestThatChooses_IsRefused_WhereMapForwarderHasNoClient(UnboundClientBehavior unbound)
    {
        await using var server = await StartAsync(options => options with { IsPlain = true });
        await using var gateway = new Gateway(new GatewayOptions
        {
            Proxy = proxy => proxy.AddOutboundTls(options => options.UnboundClusters = unbound),
            App = app =>
            {
                app.UseTenantOfPath();
                app.MapForwarder(
                    "/direct/{tenant}", server.Address.AbsoluteUri, ForwarderRequestConfig.Empty, new ByTenant());
            },
        });
        gateway.Write("tenant-1");
        await gateway.StartAsync();

        using var response = await gateway.GetAsync("direct/tenant-1", path: "");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Empty(server.Requests);
        await gateway.Log.UntilAsync(
            () => gateway.Log.Failures.Any(failure => $"{failure}".Contains("FTLS7030", StringComparison.Ordinal)),
            Deadline.Token());
    }

    [Fact]
    public async Task WithoutAProviderOfItsOwn_TheStartFails()
    {
        await using var gateway = new Gateway(new GatewayOptions
        {
            Proxy = proxy =>
            {
                proxy.Services.RemoveAll<IProxyConfigProvider>();
                proxy.AddOutboundTls();
                proxy.Services.TryAddSingleton<IProxyConfigProvider>(new InMemoryConfigProvider([], []));
            },
        });

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => gateway.StartAsync());

        Assert.Contains("TryAddSingleton adds nothing", $"{refusal}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplacingOurProvider_LogsAWarning()
    {
        await using var gateway = new Gateway(new GatewayOptions
        {
            Proxy = proxy => proxy.AddOutboundTls().Services.Replace(
                ServiceDescriptor.Singleton<IProxyConfigProvider>(new InMemoryConfigProvider([], []))),
        });

        await gateway.StartAsync();

        Assert.Contains(gateway.Log.Warnings, line => line.Contains(
            "The IProxyConfigProvider of AddOutboundTls was removed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnotherClientFactory_EndsTheStart_OfAHostThatKnowsNoLifecycle()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReverseProxy().AddOutboundTls().ConfigureHttpClient((_, _) => { });
        await using var provider = services.BuildServiceProvider();

        var refusal = await Assert.ThrowsAsync<TlsPolicyException>(async () =>
        {
            foreach (var service in provider.GetServices<IHostedService>())
            {
                await service.StartAsync(Deadline.Token());
            }
        });

        Assert.Equal("FTLS7031", refusal.Diagnostics[0].Code);
    }

    [Fact]
    public async Task TheCheckAtStart_CreatesNoConfigurationProvider()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReverseProxy().AddOutboundTls();
        services.AddSingleton<IProxyConfigProvider>(_ => throw new NotSupportedException());
        await using var provider = services.BuildServiceProvider();

        foreach (var service in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(Deadline.Token());
        }
    }

    [Fact]
    public async Task AClientThatTheProgramMakesAndDisposesOf_IsNotKept()
    {
        await using var gateway = new Gateway();
        await gateway.StartAsync();

        var client = CreateAndDispose(gateway.Services.GetRequiredService<IForwarderHttpClientFactory>());

        for (var ct = Deadline.Token(); client.IsAlive; GC.Collect())
        {
            ct.ThrowIfCancellationRequested();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference CreateAndDispose(IForwarderHttpClientFactory factory)
    {
        var client = factory.CreateClient(new ForwarderHttpClientContext
        {
            ClusterId = "mine",
            NewConfig = HttpClientConfig.Empty,
        });
        client.Dispose();
        return new WeakReference(client);
    }
}
