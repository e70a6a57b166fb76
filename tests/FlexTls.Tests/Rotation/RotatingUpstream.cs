using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FlexTls.Rotation;

/// <summary>Clients whose policies the test replaces, and a clock that it moves.</summary>
internal sealed class RotatingUpstream : IAsyncDisposable
{
    private readonly ClientHost _clients;
    private readonly TlsContextFactory _factory;

    private RotatingUpstream(ClientHost clients, TimeProvider clock)
    {
        _clients = clients;
        _factory = new TlsContextFactory(clock, clients.Services.GetRequiredService<ILoggerFactory>());
        Client = this["orders"];
    }

    /// <summary>A client that is made once, and kept.</summary>
    public HttpClient Client { get; }

    public FakeTimeProvider Clock { get; private init; } = null!;

    public ClientHost Host => _clients;

    public RecordingLogger Log => _clients.Log;

    public Upstream Upstream => UpstreamOf("orders");

    /// <summary>The open connections as the upstream counts them: of the generation in force, and of those before.</summary>
    public (int Open, int Draining) Counts => (Upstream.Current.OpenConnections, Upstream.DrainingConnections);

    public HttpClient this[string name] => _clients[name];

    /// <summary>A client named orders.</summary>
    public static RotatingUpstream Under(OutboundTlsOptions options, Action<IHttpClientBuilder>? configure = null) =>
        Of(services => Register(services, options, configure));

    /// <summary>The same by the system's clock, which nobody moves.</summary>
    public static RotatingUpstream InRealTime(OutboundTlsOptions options, Action<IHttpClientBuilder>? configure = null) =>
        new(ClientHost.Create(services => Register(services, options, configure)), TimeProvider.System);

    public static RotatingUpstream Of(Action<IServiceCollection> configure)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        return new RotatingUpstream(ClientHost.Create(services =>
        {
            services.AddSingleton<TimeProvider>(clock);

            // Nobody else sets timers of this clock: where several threads do, it runs them later than it is moved.
            services.AddOutboundTls(tls => tls.ReloadOnChange = false);
            configure(services);
        }), clock)
        { Clock = clock };
    }

    public Upstream UpstreamOf(string client) =>
        _clients.Services.GetRequiredService<UpstreamRegistry>().Clients.Find(client)!;

    public void Swap(OutboundTlsOptions options, string client = "orders")
    {
        var policy = OutboundTlsPolicy.Create(options);
        UpstreamOf(client).Replace(_factory.CreateGeneration(policy, client), new RegisteredPolicy(policy, "a test", new Place("")));
    }

    /// <summary>The second after which the pools of a replaced generation are closed.</summary>
    public void PassGrace() => Clock.Advance(TimeSpan.FromSeconds(1));

    public void PassDeadline() => Clock.Advance(TimeSpan.FromSeconds(30));

    public async ValueTask DisposeAsync() => await _clients.DisposeAsync();

    private static void Register(IServiceCollection services, OutboundTlsOptions options, Action<IHttpClientBuilder>? configure)
    {
        var client = services.AddHttpClient("orders");
        configure?.Invoke(client);
        client.AddOutboundTls(OutboundTlsPolicy.Create(options));
    }
}
