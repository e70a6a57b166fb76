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
        // The scope is the factory that the platform was given, and the program's accepts no other than itself.
        var own = new MeterOptions(options.Name)
        {
            Version = options.Version,
            Tags = options.Tags,
            TelemetrySchemaUrl = options.TelemetrySchemaUrl,
        };
        try
        {
            return meters.Create(own);
        }
        catch (ObjectDisposedException)
        {
            return Last.GetOrAdd(own.Name, _ => new Meter(own));
        }
    }

    /// <summary>Does nothing: the services own the meters.</summary>
    public void Dispose()
    {
    }
}
