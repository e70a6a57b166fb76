using FlexTls.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace FlexTls.Status;

/// <summary>Clients under policies, a clock that the test moves, and the internal ways to put another generation in force.</summary>
internal sealed class WatchedHost : IAsyncDisposable
{
    private readonly ClientHost _clients;

    private WatchedHost(Action<IServiceCollection> configure) => _clients = ClientHost.Create(services =>
    {
        services.AddSingleton<TimeProvider>(Clock);

        // Nobody else sets timers of this clock: where several threads do, it runs them later than it is moved.
        services.AddOutboundTls(tls => tls.ReloadOnChange = false);
        configure(services);
    });

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    public IServiceProvider Services => _clients.Services;

    public OutboundTlsStatus Status => Services.GetRequiredService<IOutboundTlsManager>().GetStatus();

    public Upstream Orders => Services.GetRequiredService<UpstreamRegistry>().Table.FindService("orders", out _)!;

    /// <summary>The lines about certificates that expire, in their order.</summary>
    public List<string> Expiries => [.. _clients.Log.Lines.Where(line => line.Text.Contains(", generation ", StringComparison.Ordinal)).Select(line => $"{line.Level}: {line.Text}")];

    public static WatchedHost Create(Action<IServiceCollection> configure) => new(configure);

    /// <summary>The upstream orders, which the client of that name uses; in use from here on.</summary>
    public static WatchedHost Of(Action<OutboundTlsOptions> policy, Action<OutboundTlsBuilder>? configure = null)
    {
        var host = Create(services =>
        {
            services.AddOutboundTls(tls =>
            {
                tls.AddPolicy("orders", policy);
                configure?.Invoke(tls);
            });
            services.AddHttpClient("orders").AddOutboundTls();
        });
        _ = host.Orders;
        return host;
    }

    public HttpClient this[string name] => _clients[name];

    public Task<string> GetAsync(HttpUpstream server) => this["orders"].GetStringAsync(server.Address, Deadline.Token());

    /// <summary>Lets time go by hour by hour, as timers see it.</summary>
    public void Pass(TimeSpan time)
    {
        for (var end = Clock.GetUtcNow() + time; Clock.GetUtcNow() < end;)
        {
            Clock.Advance(TimeSpan.FromHours(1));
        }
    }

    public void Replace(OutboundTlsOptions options)
    {
        var policy = OutboundTlsPolicy.Create(options);
        Orders.Replace(new TlsContextFactory(Clock).CreateGeneration(policy, "orders"), new RegisteredPolicy(policy, "next.yaml(7)", new Place("", "next.yaml", 7, 1)));
    }

    /// <summary>Replaces the policy by one that protects less.</summary>
    public void Weaken()
    {
        var options = Pki.Trusting();
        options.Extensions = new OutboundTlsExtensionOptions { DangerousAllowPlainHttp = true };
        Replace(options);
    }

    public void Degrade(string code = "FTLS1001") =>
        Orders.Degrade(
            [new TlsPolicyDiagnostic(code, TlsPolicyDiagnosticSeverity.Error, "no good", "next.yaml", 3, 1)],
            Clock.GetUtcNow());

    public ValueTask DisposeAsync() => _clients.DisposeAsync();
}
