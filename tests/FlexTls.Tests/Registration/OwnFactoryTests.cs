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
        services.ConfigureAll<HttpClientFactoryOptions>(_ => options.Add("made"));
        Action factory = () => services.AddSingleton<IHttpClientFactory, FactoryOfBoth>();
        Action policy = () => services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        foreach (var step in isRegisteredFirst ? [factory, policy] : new[] { policy, factory })
        {
            step();
        }

        Assert.NotNull(host["https://address.example/"]);
        Assert.Empty(options);
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
            services.AddSingleton(
                provider => (IHttpMessageHandlerFactory)provider.GetRequiredService<IHttpClientFactory>());
        }
        else
        {
            services.AddSingleton<IHttpClientFactory, FactoryOfBoth>();
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
        services.AddScoped<Session>();
        services.AddScoped<IHttpClientFactory>(provider => provider.GetRequiredService<Session>() is { }
            ? new OwnFactory(new HttpClient(new Answering())) : throw new InvalidOperationException());
        services.AddOutboundTls(tls => tls.AddPolicy("orders", OutboundTlsPolicy.Default));
        services.ConfigureHttpClientDefaults(client => client.AddOutboundTls());
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

    private static void AssertWarned(PolicyHost host) => Assert.Contains(
        host.Log.Warnings, line => line.Contains(
            "FTLS7036: The program's IHttpClientFactory is OwnFactory", StringComparison.Ordinal));

    private sealed class Session : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => default;
    }

    private sealed class FactoryOfBoth : IHttpClientFactory, IHttpMessageHandlerFactory
    {
        public HttpClient CreateClient(string name) => new(new Answering());

        public HttpMessageHandler CreateHandler(string name) => new Answering();
    }

    private sealed class HandlersOfClients(IHttpClientFactory clients) : IHttpMessageHandlerFactory
    {
        public HttpMessageHandler CreateHandler(string name)
        {
            clients.CreateClient(name).Dispose();
            return new Answering();
        }
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
