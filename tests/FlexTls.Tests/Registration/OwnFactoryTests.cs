using System.Runtime.CompilerServices;
using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Xunit;

namespace FlexTls.Registration;

/// <summary>Programs that make their clients in other ways start as they did, and keep what is theirs.</summary>
public class OwnFactoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFactoryThatAlwaysReturnsTheSameClient_KeepsIt(bool isRegisteredFirst)
    {
        using var only = new HttpClient(new Answering()) { BaseAddress = new Uri("https://orders.example/") };
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        Register(isRegisteredFirst);
        services.AddHttpClient("orders", client => client.BaseAddress = only.BaseAddress).AddOutboundTls(OutboundTlsPolicy.Default);
        Register(!isRegisteredFirst);

        await host.StartAsync();

        Assert.Equal("fake", await host["orders"].GetStringAsync("/", Deadline.Token()));
        AssertWarned(host);

        void Register(bool now)
        {
            if (now)
            {
                services.AddSingleton<IHttpClientFactory>(new OwnFactory(only));
            }
        }
    }

    [Theory]
    [InlineData(true, UnboundClientBehavior.Stock)]
    [InlineData(false, UnboundClientBehavior.GatewayDefault)]
    public async Task AFactoryOfTheProgram_IsAWarning_WhereAnyClientMayBeUnderAPolicy(
        bool hasDefaultCall, UnboundClientBehavior unbound)
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddOutboundTls(tls => tls.UnboundClients = unbound);
        if (hasDefaultCall)
        {
            services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
        }

        services.AddSingleton<IHttpClientFactory>(new OwnFactory(new HttpClient(new Answering())));
        await host.StartAsync();

        AssertWarned(host);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NamesOfAFactoryOfTheProgram_AreItsOwn(bool isRegisteredFirst)
    {
        var options = new List<string>();
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient();
        services.AddSingleton(new List<string>());
        services.ConfigureAll<HttpClientFactoryOptions>(_ => options.Add("made"));
        Action factory = () => services.AddSingleton<IHttpClientFactory, DisposableFactory>();
        Action policy = () => services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        foreach (var step in isRegisteredFirst ? [factory, policy] : new[] { policy, factory })
        {
            step();
        }

        Assert.NotNull(host["https://address.example/"]);
        Assert.Empty(options);
    }

    [Theory]
    [InlineData("type", 1)]
    [InlineData("code", 1)]
    [InlineData("instance", 0)]
    public async Task AFactoryOfTheProgram_IsDisposed_IfTheServicesMadeIt(string way, int times)
    {
        var disposed = new List<string>();
        await using (var host = new PolicyHost())
        {
            var services = host.Builder.Services.AddSingleton(disposed);
            _ = way switch
            {
                "type" => services.AddSingleton<IHttpClientFactory, DisposableFactory>(),
                "code" => services.AddSingleton<IHttpClientFactory>(_ => new DisposableFactory(disposed)),
                _ => services.AddSingleton<IHttpClientFactory>(new DisposableFactory(disposed)),
            };
            services.AddHttpClient("orders").AddOutboundTls(OutboundTlsPolicy.Default);
            await host.StartAsync();
        }

        Assert.Equal(times, disposed.Count);
    }

    [Fact]
    public async Task FactoriesOfTheProgram_ThatComeAndGo_AreNotKept()
    {
        await using var host = new PolicyHost();
        host.Builder.Services.AddTransient<IHttpClientFactory>(_ => new OwnFactory(new HttpClient(new Answering())));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));

        await Garbage.CollectedAsync(Resolve(host.Services));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AFactoryThatDecoratesThePlatforms_HandsOutNoClientWithoutItsGate(bool isUnbound)
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient();
        var platforms = services.Last(service => service.ServiceType == typeof(IHttpClientFactory));
        services.AddSingleton<IHttpClientFactory>(
            provider => new Decorating((IHttpClientFactory)platforms.ImplementationFactory!(provider)));
        services.AddTransient<HttpMessageHandlerBuilder, StubbornBuilder>();
        services.AddOutboundTls(tls =>
        {
            tls.AddPolicy("orders", OutboundTlsPolicy.Default);
            tls.UnboundClients = isUnbound ? UnboundClientBehavior.GatewayDefault : UnboundClientBehavior.Stock;
        });
        services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());

        var fault = Assert.Single(Assert.Throws<TlsPolicyException>(() => host[isUnbound ? "any" : "orders"]).Diagnostics);

        Assert.Equal(DiagnosticCodes.HandlerReplaced, fault.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AFactoryOfBoth_ThatTheProgramRegistersTwice_IsMade(bool isOneObject)
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        if (isOneObject)
        {
            services.AddSingleton<IHttpClientFactory, FactoryOfBoth>();
            services.AddSingleton(provider => (IHttpMessageHandlerFactory)provider.GetRequiredService<IHttpClientFactory>());
        }
        else
        {
            services.AddSingleton<IHttpClientFactory>(new OwnFactory(new HttpClient(new Answering())));
            services.AddSingleton<IHttpMessageHandlerFactory, HandlersOfClients>();
        }

        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        await host.StartAsync();

        Assert.NotNull(host["free"]);
        Assert.NotNull(host.Services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("free"));
    }

    [Fact]
    public async Task AProgramWithoutAddHttpClient_Starts()
    {
        await using var host = new PolicyHost();
        host.Write("orders.yaml", PolicyYaml.Binding("orders", "{}"));
        host.Builder.Services.AddSingleton<IHttpClientFactory>(new OwnFactory(new HttpClient(new Answering())));
        host.Builder.Services.AddOutboundTls(tls => tls.AddPolicyFile("orders.yaml"));

        await host.StartAsync();

        Assert.NotNull(host.Services.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders"));
    }

    [Fact]
    public async Task AFactoryOfScopes_DoesNotKeepTheHostFromStarting()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddScoped<IHttpClientFactory>(_ => new OwnFactory(new HttpClient(new Answering())));
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        await using var provider = services.BuildServiceProvider(validateScopes: true);

        foreach (var service in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(Deadline.Token());
        }

        Assert.NotNull(provider.GetRequiredService<IOutboundTlsContextProvider>().GetContext("orders"));
    }

    [Fact]
    public async Task ALogThatMakesAClientOfItsOwn_WhilePoliciesAreLoaded_IsServed()
    {
        await using var host = new PolicyHost();
        var services = host.Builder.Services;
        services.AddHttpClient("logsink");
        services.AddHttpClient("orders").AddOutboundTls(options => options.DangerousSkipValidation = true);
        HttpClient? sink = null;
        host.Log.Written = line => sink ??= line.Contains("DANGEROUS", StringComparison.Ordinal) ? host["logsink"] : null;

        await host.StartAsync();

        Assert.NotNull(sink);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Resolve(IServiceProvider services) =>
        new(services.GetRequiredService<IHttpClientFactory>());

    private static void AssertWarned(PolicyHost host) => Assert.Contains(
        host.Log.Warnings, line => line.Contains(
            "FTLS7036: The program's IHttpClientFactory is OwnFactory", StringComparison.Ordinal));

    private sealed class DisposableFactory(List<string> disposed) : IHttpClientFactory, IDisposable
    {
        public HttpClient CreateClient(string name) => new(new Answering());

        public void Dispose() => disposed.Add("factory");
    }

    private sealed class Decorating(IHttpClientFactory inner) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => inner.CreateClient(name);
    }

    private sealed class FactoryOfBoth : IHttpClientFactory, IHttpMessageHandlerFactory
    {
        public HttpClient CreateClient(string name) => new(new Answering());

        public HttpMessageHandler CreateHandler(string name) => new Answering();
    }

    private sealed class HandlersOfClients(IHttpClientFactory clients) : IHttpMessageHandlerFactory
    {
        public HttpMessageHandler CreateHandler(string name) => clients is null ? null! : new Answering();
    }

    private sealed class OwnFactory(HttpClient client) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => client;
    }

    private sealed class Answering : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent("fake") });
    }
}
