using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlexTls;

/// <summary>
/// The log of the program, by category, and its meter. A log is looked up with its first line, not injected: a logger
/// may itself use an HttpClient, which needs what logs here.
/// </summary>
internal sealed class ProgramTelemetry(IServiceProvider services)
{
    private readonly Lazy<TlsInstruments> _instruments = new(
        () => new TlsInstruments(services.GetRequiredService<IMeterFactory>().Create(TlsInstruments.Name)),
        LazyThreadSafetyMode.PublicationOnly);

    public ILogger Policies { get; } = Of(services, LogCategories.Policies);

    public ILogger Handshakes { get; } = Of(services, LogCategories.Handshakes);

    public ILogger Rotation { get; } = Of(services, LogCategories.Rotation);

    public ILogger Expiry { get; } = Of(services, LogCategories.Expiry);

    /// <summary>The instruments of the program's meter: each service provider has its own.</summary>
    public TlsInstruments Instruments => _instruments.Value;

    private static ILogger Of(IServiceProvider services, string category) =>
        SafeLogger.Create(services.GetService<ILoggerFactory>, category);
}
