using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlexTls.Support;

/// <summary>Service providers with clients under a policy, as Program.cs makes them.</summary>
internal sealed class ClientHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private ClientHost(ServiceProvider services, RecordingLogger log) => (_services, Log) = (services, log);

    public RecordingLogger Log { get; }

    public IServiceProvider Services => _services;

    public static ClientHost Create(Action<IServiceCollection> configure)
    {
        var log = new RecordingLogger();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(log);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        configure(services);
        return new ClientHost(services.BuildServiceProvider(), log);
    }

    /// <summary>One client named orders, under a policy.</summary>
    public static ClientHost Under(OutboundTlsOptions options, Action<IHttpClientBuilder>? configure = null) => Create(services =>
    {
        var client = services.AddHttpClient("orders");
        configure?.Invoke(client);
        client.AddOutboundTls(OutboundTlsPolicy.Create(options));
    });

    public HttpClient this[string name] => _services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
