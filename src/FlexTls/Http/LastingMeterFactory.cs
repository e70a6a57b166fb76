using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FlexTls;

/// <summary>
/// The meters of a program. Once its services are disposed, clients that it still has can make handlers all the same:
/// all programs of the process then share one meter of each name.
/// </summary>
internal sealed class LastingMeterFactory(IMeterFactory meters) : IMeterFactory
{
    // The runtime keeps every meter that nobody disposes.
    private static readonly ConcurrentDictionary<string, Meter> Last = new(StringComparer.Ordinal);

    public Meter Create(MeterOptions options)
    {
        try
        {
            // The platform names this factory as the scope, and the program's accepts no other than itself.
            return meters.Create(Copy(options, scope: meters));
        }
        catch (ObjectDisposedException)
        {
            return Last.GetOrAdd(options.Name, _ => new Meter(Copy(options, scope: null)));
        }
    }

    /// <summary>Does nothing: the services own the meters.</summary>
    public void Dispose()
    {
    }

    private static MeterOptions Copy(MeterOptions options, object? scope) => new(options.Name)
    {
        Version = options.Version,
        Tags = options.Tags,
        TelemetrySchemaUrl = options.TelemetrySchemaUrl,
        Scope = scope,
    };
}
